package import PostriderAddressGuard
package import QStashWire

/// Refuses a publish to an address that could not be dialled anyway.
///
/// Delivery checks again what it dials: a name may point elsewhere by then.
package struct DestinationGate: Sendable {
    private let policy: AddressPolicy
    private let resolver: HostResolver
    private let resolvesAtPublish: Bool
    /// True when private destinations are allowed only because the server listens on loopback alone.
    private let isPrivateByDefault: Bool
    private let own: @Sendable () -> OwnApplication?

    /// - Parameters:
    ///   - isPrivateByDefault: True under `private-destinations = auto` that came out as allowed: a request that came
    ///     through a proxy then does not get there (decision 15).
    ///   - own: What this server answers itself, which may be private in every mode; nil while that is not known.
    package init(
        policy: AddressPolicy,
        resolver: HostResolver,
        resolvesAtPublish: Bool,
        isPrivateByDefault: Bool,
        own: @escaping @Sendable () -> OwnApplication? = { nil }
    ) {
        self.own = own
        self.policy = policy
        self.resolver = resolver
        self.resolvesAtPublish = resolvesAtPublish
        self.isPrivateByDefault = isPrivateByDefault
    }

    /// Checks a destination.
    ///
    /// - Parameters:
    ///   - isThroughProxy: True when the request carries a proxy's headers.
    ///   - mayResolve: False to check only addresses that need no look-up: the request has spent its time on others.
    /// - Throws: `destinationForbidden` when every address is refused, `hostNotFound` when the name does not exist. A name that
    ///   could not be looked up in time is let through: delivery will tell.
    package func check(_ url: DestinationURL, isThroughProxy: Bool, mayResolve: Bool = true) async throws(BrokerError) {
        let own = own()
        let policy = OwnApplication.policy(policy, for: url, own: own)
        // Our own `/api/` is as open to those who come through a proxy as they are at a public address.
        let isClosedToProxies = isThroughProxy && isPrivateByDefault && own?.contains(url) != true
        let addresses: [IPAddress]
        if let literal = IPAddress(url.host) ?? LegacyIPv4Form.address(url.host) {
            addresses = [literal]
        } else {
            // Whether a name is private has to be known before a stranger's request may use it.
            guard isClosedToProxies || (resolvesAtPublish && mayResolve) else { return }
            switch await resolver.resolve(host: url.host) {
            case .addresses(let found):
                addresses = found
            case .noSuchHost:
                throw BrokerError(
                    .hostNotFound,
                    message: "invalid destination url: unable to resolve host: lookup \(url.host): no such host"
                )
            case .timedOut, .failed:
                return
            }
        }
        if isClosedToProxies, addresses.contains(where: Self.isPrivate) {
            throw BrokerError(
                .destinationForbidden,
                message:
                    "invalid destination url: private destinations are not open to requests that come through a proxy; "
                    + "set private-destinations to allow or refuse"
            )
        }
        var refusal: AddressRefusal?
        for address in addresses {
            guard case .refused(let reason) = policy.verdict(for: address) else { return }
            refusal = refusal ?? reason
        }
        if let refusal {
            throw BrokerError(.destinationForbidden, message: "invalid destination url: \(refusal.text)")
        }
    }

    private static func isPrivate(_ address: IPAddress) -> Bool {
        let kind = AddressKind(of: address)
        return kind == .loopback || kind == .private
    }
}
