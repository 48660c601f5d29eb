/// Which addresses may be dialled: settings as a value, and the judgement as a pure function.
package struct AddressPolicy: Hashable, Sendable {
    /// What to do with private and loopback addresses; whoever makes the policy has resolved `auto`.
    package enum PrivateDestinations: String, Hashable, Sendable {
        case allow
        case refuse
    }

    /// The setting `private-destinations`.
    package var privateDestinations: PrivateDestinations

    /// The setting `allowed-ranges`: networks that are allowed in every mode, link-local ones included.
    ///
    /// Multicast and reserved addresses stay refused, listed or not.
    package var allowedRanges: [AddressRange]

    package init(privateDestinations: PrivateDestinations, allowedRanges: [AddressRange] = []) {
        self.privateDestinations = privateDestinations
        self.allowedRanges = allowedRanges
    }

    /// Judges an address, and every IPv4 address that it carries: one that is refused refuses the whole.
    package func verdict(for address: IPAddress) -> AddressVerdict {
        let dialled = address.unmapped
        if let refusal = refusal(of: dialled, asPartOf: address) {
            return .refused(refusal)
        }
        var found: AddressRefusal?
        dialled.forEachEmbeddedIPv4 { embedded in
            found = found ?? refusal(of: embedded, asPartOf: address)
        }
        return found.map(AddressVerdict.refused) ?? .allowed
    }

    private func refusal(of part: IPAddress, asPartOf address: IPAddress) -> AddressRefusal? {
        let kind = AddressKind(ofItself: part)
        switch kind {
        case .public:
            return nil
        case .private, .loopback:
            if privateDestinations == .allow { return nil }
        case .linkLocal:
            break
        case .multicast, .reserved:
            return AddressRefusal(address: address, kind: kind)
        }
        let isListed = allowedRanges.contains { $0.contains(part) || $0.contains(address) }
        return isListed ? nil : AddressRefusal(address: address, kind: kind)
    }
}
