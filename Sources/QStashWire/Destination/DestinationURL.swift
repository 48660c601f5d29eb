/// An absolute http or https URL that messages can be delivered to, checked and taken apart once.
///
/// Parsing is strict where a lenient reading could differ between the guard that checks a host and the client that
/// dials it: no user information, no percent-encoding or non-ASCII in the host, no backslash, blank or control character
/// anywhere. A fragment is dropped, as browsers do; it never reaches a server. Text above ASCII in path and query is
/// percent-encoded for the request line and kept as it is in ``text``.
package struct DestinationURL: Hashable, Sendable {
    /// The protocol of a destination.
    package enum Scheme: String, Hashable, Sendable {
        /// Plain HTTP.
        case http
        /// HTTP over TLS.
        case https

        /// The port when the URL names none.
        package var defaultPort: Int { self == .http ? 80 : 443 }
    }

    /// The URL exactly as published, without a fragment.
    package let text: String

    /// The protocol.
    package let scheme: Scheme

    /// The host in lower case; an IPv6 address without its brackets.
    package let host: String

    /// Whether ``host`` is an IPv6 address that was written in brackets.
    package let isIPv6Literal: Bool

    /// The port, `1...65535`; the protocol's own when the URL names none.
    package let port: Int

    /// Path and query for the request line; `/` when the path is empty.
    package let requestTarget: String

    /// Parses a URL.
    ///
    /// - Parameters:
    ///   - header: the header that carries the URL, or nil for a message's destination; it decides the words and the
    ///     code of refusals.
    /// - Throws: ``WireError`` with code `destinationInvalid`, or `callbackInvalid` when `header` is given.
    package init(
        parsing text: String,
        header: String? = nil,
        limits: WireLimits = WireLimits()
    ) throws(WireError) {
        do {
            let parts = try DestinationURLParser.parse(text, bytesMax: limits.urlBytesMax)
            self.text = parts.end == text.utf8.count ? text : text.slice(0..<parts.end)
            self.scheme = parts.scheme
            self.host = text.slice(parts.host).lowercased()
            self.isIPv6Literal = parts.isIPv6Literal
            self.port = parts.port ?? parts.scheme.defaultPort
            self.requestTarget = Self.requestTarget(text.slice(parts.pathStart..<parts.end), isASCII: parts.isASCII)
        } catch {
            throw WireError(
                header == nil ? .destinationInvalid : .callbackInvalid,
                "invalid \(header ?? "destination") url: \(error.reason)"
            )
        }
    }

    /// The value of the `Host` header: the host, with brackets if needed, and the port unless it is the protocol's own.
    package var hostHeader: String {
        port == scheme.defaultPort ? bracketedHost : "\(bracketedHost):\(port)"
    }

    /// Protocol, host and port, always with the port: `https://example.com:443`.
    package var origin: String {
        "\(scheme.rawValue)://\(bracketedHost):\(port)"
    }

    /// The path of ``requestTarget``, without the query.
    package var path: String {
        guard let mark = requestTarget.utf8.firstIndex(of: UInt8(ascii: "?")) else { return requestTarget }
        return String(requestTarget[..<mark])
    }

    private var bracketedHost: String {
        isIPv6Literal ? "[\(host)]" : host
    }

    private static func requestTarget(_ rest: String, isASCII: Bool) -> String {
        let encoded = isASCII ? rest : PercentEncoding.encodingNonASCII(rest)
        return encoded.utf8.first == UInt8(ascii: "/") ? encoded : "/" + encoded
    }
}

extension DestinationURL: CustomStringConvertible {
    /// The origin alone: path and query may carry secrets and do not belong in logs.
    package var description: String { origin }
}
