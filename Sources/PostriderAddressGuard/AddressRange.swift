/// A block of addresses in CIDR notation.
package struct AddressRange: Hashable, Sendable {
    /// The first address of the block.
    package let base: IPAddress

    /// How many leading bits are fixed: 0 to 32 for IPv4, 0 to 128 for IPv6.
    package let prefixLength: Int

    /// Makes the block that contains an address; bits beyond the prefix are cleared.
    ///
    /// - Precondition: The prefix length fits the family.
    package init(_ address: IPAddress, prefixLength: Int) {
        precondition((0...address.family.bitCount).contains(prefixLength), "prefix length \(prefixLength)")
        let mask = Self.mask(prefixLength, in: address.family)
        self.prefixLength = prefixLength
        switch address.family {
        case .v4: self.base = IPAddress(v4: UInt32(truncatingIfNeeded: address.bits & mask))
        case .v6: self.base = IPAddress(v6: address.bits & mask)
        }
    }

    /// Reads `10.0.0.0/8`, `fd00::/8` or a lone address, which stands for itself.
    ///
    /// Nil for anything else, and for a block with bits set beyond its prefix (`10.0.0.1/8`): more often a slip than an
    /// intention, and a slip here opens a network.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        guard parts.count == 2 else {
            self.init(address, prefixLength: address.family.bitCount)
            return
        }
        let digits = parts[1].utf8
        guard
            (1...3).contains(digits.count),
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            digits.count == 1 || digits.first != UInt8(ascii: "0"),
            let length = Int(parts[1]),
            length <= address.family.bitCount
        else { return nil }
        self.init(address, prefixLength: length)
        guard base == address else { return nil }
    }

    /// The block as `base/length`.
    package var text: String { "\(base.text)/\(prefixLength)" }

    /// Whether the address lies in the block; an address of the other family never does.
    package func contains(_ address: IPAddress) -> Bool {
        address.family == base.family && address.bits & Self.mask(prefixLength, in: base.family) == base.bits
    }

    private static func mask(_ prefixLength: Int, in family: IPAddress.Family) -> UInt128 {
        let all: UInt128 = family == .v4 ? UInt128(UInt32.max) : .max
        // Swift's smart shift yields 0 when all bits are shifted out, which is the mask of length 0.
        return all & ~(all >> prefixLength)
    }
}

extension AddressRange: CustomStringConvertible {
    package var description: String { text }
}
