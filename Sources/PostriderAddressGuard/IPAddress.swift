#if canImport(Glibc)
package import Glibc
#else
package import Darwin
#endif

/// An IPv4 or IPv6 address as a number, without port or zone.
package struct IPAddress: Hashable, Sendable {
    /// The two kinds of addresses.
    package enum Family: Hashable, Sendable {
        case v4
        case v6

        /// How many bits an address of this family has: 32 or 128.
        package var bitCount: Int {
            switch self {
            case .v4: 32
            case .v6: 128
            }
        }
    }

    package let family: Family

    /// The address in host byte order; an IPv4 address uses the low 32 bits.
    package let bits: UInt128

    /// Makes an IPv4 address, `0x7F00_0001` being `127.0.0.1`.
    package init(v4 bits: UInt32) {
        self.family = .v4
        self.bits = UInt128(bits)
    }

    /// Makes an IPv6 address, `1` being `::1`.
    package init(v6 bits: UInt128) {
        self.family = .v6
        self.bits = bits
    }

    /// Reads strict text: four decimal numbers without leading zeros, or RFC 4291 text.
    ///
    /// Nil for anything else, brackets, ports, zones (`fe80::1%eth0`) and the forms of ``LegacyIPv4Form`` included.
    package init?(_ text: String) {
        // The longest text is 45 bytes. A NUL would end the C string early, so that `127.0.0.1\0.x` read as an address.
        guard text.utf8.count <= 45, !text.utf8.contains(0) else { return nil }
        var v4 = in_addr()
        if inet_pton(AF_INET, text, &v4) == 1 {
            self.init(v4: UInt32(bigEndian: v4.s_addr))
            return
        }
        var v6 = in6_addr()
        guard inet_pton(AF_INET6, text, &v6) == 1 else { return nil }
        self.init(v6: Self.bits(of: v6))
    }

    /// Reads the address out of a socket address; nil when it belongs to another family.
    ///
    /// The memory must be as long as the family says, as the system's calls promise.
    package init?(socketAddress: UnsafePointer<sockaddr>) {
        let raw = UnsafeRawPointer(socketAddress)
        switch Int32(socketAddress.pointee.sa_family) {
        case AF_INET:
            self.init(v4: UInt32(bigEndian: raw.loadUnaligned(as: sockaddr_in.self).sin_addr.s_addr))
        case AF_INET6:
            self.init(v6: Self.bits(of: raw.loadUnaligned(as: sockaddr_in6.self).sin6_addr))
        default:
            return nil
        }
    }

    /// Reads an address from its bytes in network order; nil unless there are 4 or 16 of them.
    package init?(bytes: some Collection<UInt8>) {
        let bits = bytes.prefix(17).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        switch bytes.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: bits))
        case 16: self.init(v6: bits)
        default: return nil
        }
    }

    /// The address in network byte order: 4 or 16 bytes.
    package var bytes: [UInt8] {
        (1...family.bitCount / 8).reversed().map { UInt8(truncatingIfNeeded: bits >> (($0 - 1) * 8)) }
    }

    /// The address as people write it, an IPv6 address in its shortest form and without brackets.
    package var text: String {
        switch family {
        case .v4:
            return bytes.map(String.init).joined(separator: ".")
        case .v6:
            var address = in6_addr()
            withUnsafeMutableBytes(of: &address) { $0.copyBytes(from: bytes) }
            return withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(INET6_ADDRSTRLEN)) { buffer in
                guard
                    let base = buffer.baseAddress,
                    let text = inet_ntop(AF_INET6, &address, base, socklen_t(buffer.count))
                else {
                    preconditionFailure("inet_ntop refused 16 bytes")
                }
                return String(cString: text)
            }
        }
    }

    private static func bits(of address: in6_addr) -> UInt128 {
        withUnsafeBytes(of: address) { $0.reduce(UInt128(0)) { $0 << 8 | UInt128($1) } }
    }
}

extension IPAddress: CustomStringConvertible {
    package var description: String { text }
}
