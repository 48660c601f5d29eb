/// Names and addresses that lead to this machine and to no other.
enum LoopbackAddress {
    /// Whether an address of a connection is of this machine: 127.0.0.0/8 and `::1`, also written as IPv6.
    static func isAddress(_ text: String) -> Bool {
        let mapped = "::ffff:"
        let address = text.lowercased()
        if address == "::1" { return true }
        return isIPv4(address.hasPrefix(mapped) ? String(address.dropFirst(mapped.count)) : address)
    }

    /// Whether the host of a URL or a `Host` field is this machine, with a port or without.
    ///
    /// A name other than `localhost` says nothing, whatever it resolves to: a page on the network may own a name that leads here.
    static func isHost(_ authority: String) -> Bool {
        guard let host = host(in: authority.lowercased()) else { return false }
        return host == "localhost" || host == "[::1]" || isIPv4(host)
    }

    /// The authority without its port; nil when the rest is no port.
    private static func host(in authority: String) -> String? {
        let end = authority.hasPrefix("[") ? authority.firstIndex(of: "]").map(authority.index(after:)) : nil
        let hostEnd = end ?? authority.firstIndex(of: ":") ?? authority.endIndex
        let rest = authority[hostEnd...]
        guard rest.isEmpty || (rest.first == ":" && UInt16(rest.dropFirst()) != nil) else { return nil }
        return String(authority[..<hostEnd])
    }

    /// Whether it is an address in 127.0.0.0/8 in the usual form, without the shorthands of old resolvers.
    private static func isIPv4(_ text: String) -> Bool {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127"
            && parts.allSatisfy { part in UInt8(part).map { String($0) == part } ?? false }
    }
}
