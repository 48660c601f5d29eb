import QStashWire

/// A destination as it stands in the path of a publish.
enum DestinationText {
    private static let bytesMax = 8_192

    /// The URL itself when it can be one.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid`.
    static func checkedURL(_ url: String, option: String) throws(QStashError) -> String {
        let start = url.prefix(8).lowercased()
        let schemeBytes = start.hasPrefix("https://") ? 8 : start.hasPrefix("http://") ? 7 : 0
        guard schemeBytes > 0 else {
            throw QStashError(.optionInvalid, "\(option) begins with http:// or https://", option: option)
        }
        let rest = url.utf8.dropFirst(schemeBytes)
        guard let first = rest.first, !"/?#:".utf8.contains(first) else {
            throw QStashError(.optionInvalid, "\(option) has no host", option: option)
        }
        guard url.utf8.count <= bytesMax else {
            throw QStashError(.optionInvalid, "\(option) is longer than \(bytesMax) bytes", option: option)
        }
        guard url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw QStashError(
                .optionInvalid,
                "\(option) has a blank, a control character or one beyond ASCII: percent-encode it",
                option: option
            )
        }
        guard !url.utf8.contains(UInt8(ascii: "#")) else {
            throw QStashError(.optionInvalid, "\(option) has a fragment, which never arrives", option: option)
        }
        return url
    }

    /// The URL as it stands in the path: raw, or encoded as a whole when an HTTP client would rewrite it.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid`, also for a query that the server would take for its own.
    static func pathPart(url: String, option: String) throws(QStashError) -> String {
        let url = try checkedURL(url, option: option)
        if let mark = url.firstIndex(of: "?") {
            // As the server reads it, which recognises its parameters percent-encoded too.
            let own = try? ControlParameters.parse(query: String(url[url.index(after: mark)...]))
            guard let own, own.token == nil, own.options.isEmpty else {
                throw QStashError(
                    .optionInvalid,
                    "the query of \(option) has a parameter that the server takes for its own: qstash_token or upstash-…",
                    option: option
                )
            }
        }
        // A proxy that resolves them would make another call of it, with the account's token.
        guard !hasDotSegments(url) else {
            throw QStashError(.optionInvalid, "\(option) has a segment . or ..: write the path without", option: option)
        }
        return survives(url) ? url : PercentEncoding.encode(url)
    }

    /// The path part of a group's name.
    ///
    /// - Throws: ``QStashError`` with code `identifier_empty` or `option_invalid`.
    static func pathPart(group: URLGroupName, option: String) throws(QStashError) -> String {
        try group.checkedName(option: option)
    }

    private static func hasDotSegments(_ url: String) -> Bool {
        let path = url.prefix { $0 != "?" }
        return path.split(separator: "/").contains { segment in
            guard segment.utf8.count <= 6 else { return false }
            let plain = segment.lowercased().replacing("%2e", with: ".")
            return plain == "." || plain == ".."
        }
    }

    /// Whether an HTTP client sends the text as it is: characters of a URL only, and no broken escapes.
    private static func survives(_ url: String) -> Bool {
        let bytes = Array(url.utf8)
        for (index, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "%"):
                guard index + 2 < bytes.count, bytes[index + 1].isHexDigit, bytes[index + 2].isHexDigit else {
                    return false
                }
            case UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "|"),
                UInt8(ascii: "\\"), UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "\""), UInt8(ascii: "<"),
                UInt8(ascii: ">"):
                return false
            default: continue
            }
        }
        return true
    }
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
