import HTTPTypes
package import PostriderAddressGuard

/// Finds out whose address a publish came from.
package struct CallerAddress: Sendable {
    private let trustedProxies: [AddressRange]

    /// - Parameter trustedProxies: Peers whose `X-Forwarded-For` counts (decision 16).
    package init(trustedProxies: [AddressRange]) {
        self.trustedProxies = trustedProxies
    }

    /// The caller's address as text: the peer's, or the last one a chain of trusted proxies vouches for; empty when unknown.
    package func text(of request: APIRequest) -> String {
        guard var caller = request.peer else { return "" }
        // A socket that takes both families shows IPv4 peers as mapped addresses.
        if let address = IPAddress(caller) { caller = address.unmapped.text }
        // Several lines are one list.
        let forwarded = request.fields[values: .xForwardedFor].joined(separator: ",")
        guard !trustedProxies.isEmpty else { return caller }
        for hop in forwarded.split(separator: ",").reversed() {
            guard let address = IPAddress(caller), trustedProxies.contains(where: { $0.contains(address) }) else {
                break
            }
            let text = hop.trimmingBlanks()
            guard IPAddress(text) != nil else { break }
            caller = text
        }
        return caller
    }

    /// True when the request carries headers that proxies add.
    package static func isThroughProxy(_ request: APIRequest) -> Bool {
        request.fields[.forwarded] != nil || request.fields[.via] != nil
            || request.fields.contains { $0.name.canonicalName.hasPrefix("x-forwarded-") }
    }
}

extension Substring {
    fileprivate func trimmingBlanks() -> String {
        var text = self
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return String(text)
    }
}
