extension IPAddress {
    /// The IPv4 address behind an IPv4-mapped one (`::ffff:10.0.0.1`), which is what the system dials; otherwise itself.
    package var unmapped: IPAddress {
        guard family == .v6, bits >> 32 == 0xFFFF else { return self }
        return IPAddress(v4: UInt32(truncatingIfNeeded: bits))
    }

    /// Calls the body with every IPv4 address that this IPv6 address carries and that a gateway might dial for it.
    ///
    /// Covers IPv4-mapped, IPv4-compatible, NAT64 (`64:ff9b::/96`), 6to4 and Teredo, whose server and client both count.
    func forEachEmbeddedIPv4(_ body: (IPAddress) -> Void) {
        guard family == .v6 else { return }
        let low = UInt32(truncatingIfNeeded: bits)
        switch bits >> 32 {
        case 0xFFFF, 0x64_FF9B << 64:
            body(IPAddress(v4: low))
        case 0 where bits > 1:
            body(IPAddress(v4: low))
        default:
            break
        }
        if bits >> 112 == 0x2002 {
            body(IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 80)))
        }
        if bits >> 96 == 0x2001_0000 {
            body(IPAddress(v4: UInt32(truncatingIfNeeded: bits >> 64)))
            // Teredo stores the client's address inverted, so that no translator on the way rewrites it.
            body(IPAddress(v4: ~low))
        }
    }
}
