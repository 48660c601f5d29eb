/// The API's own parameters in the query of a request, and what is left for the destination.
///
/// A caller that cannot set headers gives its token as `qstash_token` and options as `upstash-…` parameters. Both are
/// taken out before a destination is put together, so that neither a token nor an option leaks to it.
package struct ControlParameters: Hashable, Sendable {
    /// The token given as `qstash_token`, decoded, or nil; never to be logged.
    package var token: String?

    /// The `upstash-…` parameters in order, names and values decoded.
    package var options: [HeaderField] = []

    /// The other parameters exactly as they came; nil when the request had no query or nothing is left of it.
    package var rest: String?

    /// No parameters at all.
    package init() {}

    /// Splits the raw query of a request, which is nil when its target has no `?`.
    ///
    /// Names are recognised in any case and also when percent-encoded. In option values `+` means a blank; in the token
    /// it stays, because tokens have no blanks and base64 has `+`. Of several tokens the first counts.
    ///
    /// - Throws: ``WireError`` with code `queryInvalid` when one of our parameters cannot be decoded or there are too many.
    package static func parse(query: String?, limits: WireLimits = WireLimits()) throws(WireError) -> ControlParameters
    {
        var parameters = ControlParameters()
        guard let query else { return parameters }
        let bytes = query.utf8.span
        var kept: [Range<Int>] = []
        var isVerbatim = true
        var start = 0
        for index in 0...bytes.count where index == bytes.count || bytes[index] == UInt8(ascii: "&") {
            let segment = start..<index
            start = index + 1
            if try parameters.take(bytes, segment, limits: limits) {
                isVerbatim = false
            } else {
                kept.append(segment)
            }
        }
        if isVerbatim {
            parameters.rest = query
        } else if !kept.isEmpty {
            parameters.rest = kept.map { query.slice($0) }.joined(separator: "&")
        }
        return parameters
    }

    /// Takes one parameter if it is ours, and says whether it was.
    private mutating func take(
        _ bytes: Span<UInt8>,
        _ segment: Range<Int>,
        limits: WireLimits
    ) throws(WireError) -> Bool {
        var equals = segment.lowerBound
        var isEscaped = false
        while equals < segment.upperBound, bytes[equals] != UInt8(ascii: "=") {
            if bytes[equals] == UInt8(ascii: "%") { isEscaped = true }
            equals += 1
        }
        let rawName = bytes.extracting(segment.lowerBound..<equals)
        let rawValue = bytes.extracting(min(equals + 1, segment.upperBound)..<segment.upperBound)
        // An undecodable name cannot be ours, and other people's parameters are not checked.
        guard isEscaped || Self.isToken(rawName) || Self.isOption(rawName),
            let name = PercentEncoding.decode(rawName, plusIsBlank: true)
        else { return false }
        let nameBytes = name.utf8.span
        if Self.isToken(nameBytes) {
            guard let value = PercentEncoding.decode(rawValue, plusIsBlank: false) else {
                throw WireError(.queryInvalid, "qstash_token has a broken percent escape: encode it again")
            }
            token = token ?? value
            return true
        }
        guard Self.isOption(nameBytes) else { return false }
        guard options.count < limits.queryOptionsMax else {
            throw WireError(.queryInvalid, "the query has more than \(limits.queryOptionsMax) upstash- parameters")
        }
        guard let value = PercentEncoding.decode(rawValue, plusIsBlank: true) else {
            throw WireError(
                .queryInvalid,
                "an upstash- parameter of the query has a broken percent escape or is not UTF-8: encode it again"
            )
        }
        options.append(HeaderField(name: name, value: value))
        return true
    }

    private static func isToken(_ name: Span<UInt8>) -> Bool { name.spells("qstash_token") }

    private static func isOption(_ name: Span<UInt8>) -> Bool { name.begins(with: "upstash-") }
}
