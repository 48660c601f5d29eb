/// What an address is for, from the IANA special-purpose registries; later cases are stricter.
package enum AddressKind: Int, Hashable, Sendable, CaseIterable {
    /// Anything reachable on the Internet.
    case `public`
    /// RFC 1918, carrier-grade NAT (RFC 6598), unique local and site-local IPv6, local-use NAT64.
    case `private`
    /// `127.0.0.0/8` and `::1`.
    case loopback
    /// Link-local addresses, and the addresses at which clouds serve credentials to their machines.
    case linkLocal
    /// `224.0.0.0/4` and `ff00::/8`.
    case multicast
    /// Unspecified, broadcast, documentation, benchmarks, unassigned.
    case reserved

    /// Classifies an address by itself and by every IPv4 address that it carries: the strictest counts.
    package init(of address: IPAddress) {
        var strictest = AddressKind(ofItself: address)
        address.forEachEmbeddedIPv4 { embedded in
            let kind = AddressKind(ofItself: embedded)
            if kind.rawValue > strictest.rawValue {
                strictest = kind
            }
        }
        self = strictest
    }

    /// Classifies an address without looking at addresses that it carries.
    init(ofItself address: IPAddress) {
        let address = address.unmapped
        self =
            switch address.family {
            case .v4: Self.kind(v4: UInt32(truncatingIfNeeded: address.bits))
            case .v6: Self.kind(v6: address.bits)
            }
    }

    /// The kind in words, as refusals use it.
    package var text: String {
        switch self {
        case .public: "public"
        case .private: "private"
        case .loopback: "loopback"
        case .linkLocal: "link-local or metadata"
        case .multicast: "multicast"
        case .reserved: "reserved"
        }
    }

    private static func kind(v4 bits: UInt32) -> AddressKind {
        switch bits {
        case 0x7F00_0000...0x7FFF_FFFF:
            return .loopback
        case 0xA9FE_0000...0xA9FE_FFFF:
            return .linkLocal
        case 0xA83F_8110, 0x6464_64C8:
            // 168.63.129.16 is Azure's host agent and 100.100.100.200 Alibaba's metadata server: outside
            // 169.254.0.0/16, yet just as ready to hand out credentials.
            return .linkLocal
        case 0x0A00_0000...0x0AFF_FFFF, 0x6440_0000...0x647F_FFFF,
            0xAC10_0000...0xAC1F_FFFF, 0xC0A8_0000...0xC0A8_FFFF:
            return .private
        case 0xE000_0000...0xEFFF_FFFF:
            return .multicast
        case 0...0x00FF_FFFF,  // 0.0.0.0/8: the system dials loopback for it.
            0xC000_0000...0xC000_00FF,  // 192.0.0.0/24, protocol assignments
            0xC000_0200...0xC000_02FF,  // 192.0.2.0/24, documentation
            0xC058_6300...0xC058_63FF,  // 192.88.99.0/24, retired 6to4 relays
            0xC612_0000...0xC613_FFFF,  // 198.18.0.0/15, benchmarks
            0xC633_6400...0xC633_64FF,  // 198.51.100.0/24, documentation
            0xCB00_7100...0xCB00_71FF,  // 203.0.113.0/24, documentation
            0xF000_0000...0xFFFF_FFFF:  // 240.0.0.0/4 and broadcast
            return .reserved
        default:
            return .public
        }
    }

    private static func kind(v6 bits: UInt128) -> AddressKind {
        if bits == 1 { return .loopback }
        if bits >> 120 == 0xFF { return .multicast }
        if bits >> 118 == 0xFE80 >> 6 { return .linkLocal }
        // The metadata servers of AWS (fd00:ec2::/32) and Google (fd20:ce::254) live among the unique local addresses.
        if bits >> 96 == 0xFD00_0EC2 || bits == 0xFD20_00CE << 96 | 0x254 { return .linkLocal }
        if bits >> 121 == 0xFC >> 1 || bits >> 118 == 0xFEC0 >> 6 { return .private }
        if bits >> 80 == 0x0064_FF9B_0001 { return .private }
        // 64:ff9b::/96 is as good or bad as the IPv4 address inside, which is judged apart.
        if bits >> 32 == 0x64_FF9B << 64 { return .public }
        // Only 2000::/3 has been given out; within it, the blocks that are not for the Internet.
        guard bits >> 125 == 1 else { return .reserved }
        if bits >> 96 == 0x2001_0000 { return .public }  // Teredo, judged by what it carries
        if bits >> 105 == 0x2001_0000 >> 9 { return .reserved }  // 2001::/23, protocol assignments
        if bits >> 96 == 0x2001_0DB8 { return .reserved }  // documentation
        if bits >> 108 == 0x3FFF0 { return .reserved }  // 3fff::/20, documentation
        return .public
    }
}
