/// Finds and checks the parts of a destination URL; offsets are UTF-8 offsets in the text.
enum DestinationURLParser {
    /// Why a URL is refused, in the words after "invalid destination url: ".
    struct Refusal: Error {
        let reason: String
    }

    /// Where the parts of a URL are.
    struct Parts {
        var scheme: DestinationURL.Scheme
        var host: Range<Int>
        var isIPv6Literal: Bool
        var port: Int?
        var pathStart: Int
        /// The end of the query, before any fragment.
        var end: Int
        /// Whether path and query are ASCII.
        var isASCII: Bool
    }

    private static let hostBytesMax = 253
    private static let labelBytesMax = 63

    static func parse(_ text: String, bytesMax: Int) throws(Refusal) -> Parts {
        let bytes = text.utf8.span
        guard bytes.count <= bytesMax else { throw Refusal(reason: "longer than \(bytesMax) bytes") }
        let scheme: DestinationURL.Scheme
        let authorityStart: Int
        if bytes.begins(with: "https://") {
            scheme = .https
            authorityStart = 8
        } else if bytes.begins(with: "http://") {
            scheme = .http
            authorityStart = 7
        } else {
            throw Refusal(reason: "endpoint has invalid scheme, add http:// or https://")
        }
        let (end, isASCII) = try scan(bytes)
        var authorityEnd = authorityStart
        while authorityEnd < end, bytes[authorityEnd] != UInt8(ascii: "/"), bytes[authorityEnd] != UInt8(ascii: "?") {
            guard bytes[authorityEnd] != UInt8(ascii: "@") else {
                throw Refusal(reason: "user information is not allowed, forward an Authorization header instead")
            }
            authorityEnd += 1
        }
        let authority = try authority(bytes, authorityStart..<authorityEnd)
        return Parts(
            scheme: scheme,
            host: authority.host,
            isIPv6Literal: authority.isIPv6Literal,
            port: authority.port,
            pathStart: authorityEnd,
            end: end,
            isASCII: isASCII
        )
    }

    /// The end before any fragment, after checking that no byte is one that a request line cannot carry.
    ///
    /// The fragment is checked too, although it is dropped: a control character shows that the URL was put together wrongly.
    private static func scan(_ bytes: Span<UInt8>) throws(Refusal) -> (end: Int, isASCII: Bool) {
        var end = bytes.count
        var isASCII = true
        for index in 0..<bytes.count {
            let byte = bytes[index]
            guard byte > 0x20, byte != 0x7F, byte != UInt8(ascii: "\\") else {
                throw Refusal(reason: "blanks, control characters and backslashes are not allowed, percent-encode them")
            }
            if byte == UInt8(ascii: "#"), end == bytes.count { end = index }
            if byte >= 0x80 { isASCII = false }
        }
        return (end, isASCII)
    }

    private static func authority(
        _ bytes: Span<UInt8>,
        _ range: Range<Int>
    ) throws(Refusal) -> (host: Range<Int>, isIPv6Literal: Bool, port: Int?) {
        guard !range.isEmpty else { throw Refusal(reason: "the host is missing") }
        let host: Range<Int>
        var afterHost = range.lowerBound
        let isIPv6Literal = bytes[range.lowerBound] == UInt8(ascii: "[")
        if isIPv6Literal {
            while afterHost < range.upperBound, bytes[afterHost] != UInt8(ascii: "]") { afterHost += 1 }
            guard afterHost < range.upperBound else {
                throw Refusal(reason: "the IPv6 address lacks its closing bracket")
            }
            host = range.lowerBound + 1..<afterHost
            let literal = bytes.extracting(host)
            guard IPv6Literal.isValid(literal) else { throw Refusal(reason: "not an IPv6 address in the brackets") }
            afterHost += 1
        } else {
            while afterHost < range.upperBound, bytes[afterHost] != UInt8(ascii: ":") { afterHost += 1 }
            host = range.lowerBound..<afterHost
            let name = bytes.extracting(host)
            try checkName(name)
        }
        guard afterHost < range.upperBound else { return (host, isIPv6Literal, nil) }
        let digits = bytes.extracting(min(afterHost + 1, range.upperBound)..<range.upperBound)
        guard
            bytes[afterHost] == UInt8(ascii: ":"), digits.count <= 5,
            let port = digits.decimalInteger(), port >= 1, port <= 65_535
        else { throw Refusal(reason: "the port must be a number from 1 to 65535") }
        return (host, isIPv6Literal, Int(port))
    }

    /// Checks a host name: labels of letters, digits, hyphens and underscores, which also covers IPv4 addresses.
    private static func checkName(_ name: Span<UInt8>) throws(Refusal) {
        guard name.count > 0 else { throw Refusal(reason: "the host is missing") }
        guard name.count <= hostBytesMax else { throw Refusal(reason: "the host is longer than \(hostBytesMax) bytes") }
        var labelStart = 0
        for index in 0...name.count {
            if index == name.count || name[index] == UInt8(ascii: ".") {
                guard
                    index > labelStart, index - labelStart <= labelBytesMax,
                    name[labelStart] != UInt8(ascii: "-"), name[index - 1] != UInt8(ascii: "-")
                else { throw Refusal(reason: "the host is not a valid name") }
                labelStart = index + 1
                continue
            }
            let byte = name[index]
            guard byte < 0x80 else {
                throw Refusal(reason: "the host has characters outside ASCII, write it in punycode (xn--…)")
            }
            guard byte.isASCIILetter || byte.isASCIIDigit || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
            else { throw Refusal(reason: "the host is not a valid name") }
        }
    }
}
