/// Where a publish request wants its message delivered, as read from the request's target.
package struct DestinationTarget: Hashable, Sendable {
    /// The kinds of destination.
    package enum Kind: Hashable, Sendable {
        /// A URL.
        case url(DestinationURL)
        /// The name of an API after `api/`, for example `llm`; may be one that does not exist.
        case api(String)
        /// The name of a URL group, of the right form; whether it exists is the store's to say.
        case group(String)
    }

    /// What kind of destination it is, and which.
    package let kind: Kind

    /// The token given in the query, or nil; never to be logged.
    package let token: String?

    /// The options given in the query, decoded.
    package let options: [HeaderField]

    /// Reads the destination of a request from its verbatim target.
    ///
    /// - Parameters:
    ///   - remainder: the request's path after the prefix (`/v2/publish/`), not decoded and not normalised.
    ///   - query: the request's raw query, or nil when its target has no `?`.
    /// - Throws: ``WireError`` with code `destinationInvalid` or `queryInvalid`.
    package static func parse(
        remainder: String,
        query: String?,
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> DestinationTarget {
        let parameters = try ControlParameters.parse(query: query, limits: limits)
        return try parse(remainder: remainder, parameters: parameters, limits: limits)
    }

    /// Reads the destination from the path and an already split query.
    ///
    /// For a server that checks the token, which may be in the query, before it looks at the destination.
    ///
    /// - Throws: ``WireError`` with code `destinationInvalid`.
    package static func parse(
        remainder: String,
        parameters: ControlParameters,
        limits: WireLimits = WireLimits()
    ) throws(WireError) -> DestinationTarget {
        let path = try decodingWhole(remainder, limits: limits)
        return DestinationTarget(
            kind: try classify(appending(parameters.rest, to: path), limits: limits),
            token: parameters.token,
            options: parameters.options
        )
    }

    /// The kind of a complete destination, as it stands in a batch item or a schedule.
    ///
    /// A name may end in one slash. A single slash after the scheme is doubled, because proxies collapse two.
    ///
    /// - Throws: ``WireError`` with code `destinationInvalid`.
    package static func classify(_ destination: String, limits: WireLimits = WireLimits()) throws(WireError) -> Kind {
        let bytes = destination.utf8.span
        if let schemeEnd = schemeEnd(bytes) {
            let isCollapsed = bytes.begins(with: "/", from: schemeEnd) && !bytes.begins(with: "//", from: schemeEnd)
            let text =
                isCollapsed
                ? destination.slice(0..<schemeEnd) + "/" + destination.slice(schemeEnd..<bytes.count) : destination
            return .url(try DestinationURL(parsing: text, limits: limits))
        }
        // The query of a request to a name belongs to nobody; it is ignored, as a mistyped option would be.
        var end = bytes.count
        for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "?") {
            end = index
            break
        }
        if end > 0, bytes[end - 1] == UInt8(ascii: "/") { end -= 1 }
        let isAPI = bytes.begins(with: "api/")
        let name = destination.slice((isAPI ? min(4, end) : 0)..<end)
        guard WireName.isValid(name, limits: limits) else {
            throw WireError(
                .destinationInvalid,
                "invalid destination url: endpoint has invalid scheme, add http:// or https://"
            )
        }
        return isAPI ? .api(name) : .group(name)
    }

    /// The offset behind `http:` or `https:`, or nil.
    private static func schemeEnd(_ bytes: Span<UInt8>) -> Int? {
        if bytes.begins(with: "https:/") { return 6 }
        return bytes.begins(with: "http:/") ? 5 : nil
    }

    /// The path, decoded once when the client encoded the whole URL, which shows in its scheme: `https%3A` or `https:%2F`.
    private static func decodingWhole(_ remainder: String, limits: WireLimits) throws(WireError) -> String {
        let bytes = remainder.utf8.span
        let isWhole =
            bytes.begins(with: "http%3a") || bytes.begins(with: "https%3a")
            || bytes.begins(with: "http:%2f") || bytes.begins(with: "https:%2f")
        guard isWhole else { return remainder }
        guard bytes.count <= limits.urlBytesMax * 3, let decoded = PercentEncoding.decode(remainder) else {
            throw WireError(
                .destinationInvalid,
                "invalid destination url: too long or broken percent escapes, encode it once or not at all"
            )
        }
        // Cut here: what the request's own query adds must not end up behind the fragment and be lost.
        guard let hash = decoded.utf8.firstIndex(of: UInt8(ascii: "#")) else { return decoded }
        return String(decoded[..<hash])
    }

    private static func appending(_ query: String?, to path: String) -> String {
        guard let query else { return path }
        // Only a path that was encoded as a whole can have a query of its own.
        return path.utf8.contains(UInt8(ascii: "?")) ? "\(path)&\(query)" : "\(path)?\(query)"
    }
}
