/// The parts of a server's URL that decide where it is.
package struct ServerURL: Sendable, Hashable {
    /// `http` or `https`.
    package let scheme: String

    /// The host without brackets and port, in lower case.
    package let host: String

    /// The port, or that of the scheme.
    package let port: Int

    /// Reads scheme, host and port; what cannot be read is empty, and the client refuses it.
    package init(_ text: String) {
        let parts = text.lowercased().split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        scheme = parts.count == 2 ? String(parts[0]) : ""
        let authority = (parts.last ?? "").prefix { !"/?#".contains($0) }
        var rest = authority
        if authority.first == "[" {
            host = String(authority.dropFirst().prefix { $0 != "]" })
            rest = authority.drop { $0 != "]" }.dropFirst()
        } else {
            host = String(authority.prefix { $0 != ":" })
            rest = authority.dropFirst(host.count)
        }
        port = rest.first == ":" ? Int(rest.dropFirst()) ?? 0 : (scheme == "https" ? 443 : 80)
    }

    /// Whether it begins with `http://` or `https://` and has a host.
    package var isHTTP: Bool { (scheme == "http" || scheme == "https") && !host.isEmpty }

    /// Whether the host is this machine by name or address.
    package var isLoopback: Bool {
        host == "localhost" || host.hasSuffix(".localhost") || host == "::1"
            || (host.hasPrefix("127.") && host.allSatisfy { "0123456789.".contains($0) })
    }
}
