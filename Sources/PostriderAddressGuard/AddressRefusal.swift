/// Whether an address may be dialled.
package enum AddressVerdict: Hashable, Sendable {
    case allowed
    case refused(AddressRefusal)
}

/// Why an address may not be dialled, in words that name the setting that would allow it.
package struct AddressRefusal: Hashable, Sendable, Error {
    /// A stable word for programs, logs and metrics.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        package static let `private` = Code(rawValue: "address_private")
        package static let loopback = Code(rawValue: "address_loopback")
        package static let linkLocal = Code(rawValue: "address_link_local")
        package static let multicast = Code(rawValue: "address_multicast")
        package static let reserved = Code(rawValue: "address_reserved")
    }

    package let code: Code
    /// The address as it was to be dialled.
    package let address: IPAddress
    /// What the address, or an IPv4 address that it carries, was found to be.
    package let kind: AddressKind

    /// Makes the refusal of an address; nil for a public one, which is never refused.
    init?(address: IPAddress, kind: AddressKind) {
        switch kind {
        case .public: return nil
        case .private: self.code = .private
        case .loopback: self.code = .loopback
        case .linkLocal: self.code = .linkLocal
        case .multicast: self.code = .multicast
        case .reserved: self.code = .reserved
        }
        self.address = address
        self.kind = kind
    }

    /// One sentence for the operator: the address, what it is, and the setting that would allow it.
    package var text: String {
        let finding = "\(address.text) is a \(kind.text) address"
        switch kind {
        case .public:
            return finding
        case .private, .loopback:
            return "\(finding): set private-destinations to allow, or list its network in allowed-ranges"
        case .linkLocal:
            return "\(finding): list its network in allowed-ranges to allow it"
        case .multicast, .reserved:
            return "\(finding): no setting allows it"
        }
    }
}
