package import PostriderAddressGuard
package import QStashWire

/// What this server itself answers beside `/v2`: destinations that may be private where no others may (decision 15).
///
/// All of `/api/` is open, with every method: jobs, which prove by their signature that the broker sent them, and the endpoints of users, which ask
/// whoever calls for a token and take no delivery for the local user. Whatever else lives at the same origin stays behind the guard.
package struct OwnApplication: Hashable, Sendable {
    private static let path = "/api/"

    private let origins: Set<String>

    /// - Parameter origins: Protocol, host and port as in ``DestinationURL/origin``: where this server is reached.
    package init(origins: Set<String>) {
        self.origins = origins
    }

    /// True for a path below `/api/` at one of the origins, whoever reads it: a proxy may take dots for folders.
    package func contains(_ url: DestinationURL) -> Bool {
        guard origins.contains(url.origin), url.requestTarget.hasPrefix(Self.path) else { return false }
        return !url.path.split(separator: "/").contains { Self.isDots($0) }
    }

    /// The rules for a destination: those of all, and private addresses besides where it is our own.
    package static func policy(
        _ policy: AddressPolicy,
        for url: DestinationURL,
        own: OwnApplication?
    ) -> AddressPolicy {
        guard let own, own.contains(url) else { return policy }
        return AddressPolicy(privateDestinations: .allow, allowedRanges: policy.allowedRanges)
    }

    /// Whether a segment is `.` or `..`, written plainly or encoded, with or without a parameter; an encoded slash hides more of them.
    private static func isDots(_ segment: Substring) -> Bool {
        let plain = segment.lowercased().replacing("%2e", with: ".")
        if plain.contains("%2f") || plain.contains("%5c") || plain.contains("\\") { return plain.contains("..") }
        let name = plain.prefix { $0 != ";" }
        return name == "." || name == ".."
    }
}
