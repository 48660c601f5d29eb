/// The forms of an IPv4 address that the C library accepts beside four decimal numbers.
///
/// `2130706433`, `0x7f.1`, `127.1` and `0177.0.0.1` are all `127.0.0.1` to `inet_aton`, and so to most programs that dial.
/// Whoever compares hosts as text does not see it; here they become addresses before anything is looked up.
package enum LegacyIPv4Form {
    /// Reads one to four numbers, each decimal, octal (`0…`) or hexadecimal (`0x…`), the last filling what remains.
    ///
    /// One final dot is ignored. Nil when the text is not such a form or a number does not fit.
    package static func address(_ host: String) -> IPAddress? {
        var text = host.utf8[...]
        if text.last == UInt8(ascii: ".") {
            text = text.dropLast()
        }
        // Octal digits with any number of leading zeros are accepted by the C library, so the bound is generous.
        guard !text.isEmpty, text.count <= 255 else { return nil }
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count <= 4 else { return nil }

        var bits: UInt32 = 0
        for (index, part) in parts.enumerated() {
            guard let number = number(part) else { return nil }
            let isLast = index == parts.count - 1
            let width = isLast ? 32 - 8 * index : 8
            guard UInt64(number) < 1 << UInt64(width) else { return nil }
            bits |= number << UInt32(isLast ? 0 : 24 - 8 * index)
        }
        return IPAddress(v4: bits)
    }

    private static func number(_ digits: Substring.UTF8View) -> UInt32? {
        guard let first = digits.first else { return nil }
        var digits = digits
        var radix: UInt32 = 10
        if first == UInt8(ascii: "0"), digits.count > 1 {
            digits = digits.dropFirst()
            radix = 8
            if digits.first == UInt8(ascii: "x") || digits.first == UInt8(ascii: "X") {
                // A lone `0x` counts as zero, as in URL parsers: taken for a name it would go to the resolver.
                digits = digits.dropFirst()
                radix = 16
            }
        }
        var value: UInt32 = 0
        for byte in digits {
            guard let digit = digit(byte), digit < radix else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: radix)
            let (sum, carry) = shifted.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    private static func digit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
