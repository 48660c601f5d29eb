/// The two alphabets of base64 over one implementation.
enum Base64Codec {
    /// A base64 alphabet of RFC 4648.
    struct Alphabet: Sendable {
        fileprivate let digits: StaticString
        fileprivate let digit62: UInt8
        fileprivate let digit63: UInt8

        static let standard = Alphabet(
            digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
            digit62: UInt8(ascii: "+"),
            digit63: UInt8(ascii: "/")
        )
        static let url = Alphabet(
            digits: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
            digit62: UInt8(ascii: "-"),
            digit63: UInt8(ascii: "_")
        )

        fileprivate func value(of digit: UInt8) -> UInt32? {
            switch digit {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(digit - UInt8(ascii: "A"))
            case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(digit - UInt8(ascii: "a")) + 26
            case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(digit - UInt8(ascii: "0")) + 52
            case digit62: 62
            case digit63: 63
            default: nil
            }
        }
    }

    /// How many characters a number of bytes becomes.
    static func encodedCount(_ count: Int, isPadded: Bool) -> Int {
        isPadded ? (count + 2) / 3 * 4 : (count * 4 + 2) / 3
    }

    /// Writes the encoded bytes to the end of `output`, which grows once.
    static func append(
        _ bytes: UnsafeRawBufferPointer,
        to output: inout [UInt8],
        _ alphabet: Alphabet,
        isPadded: Bool
    ) {
        let start = output.count
        output.append(
            contentsOf: repeatElement(UInt8(ascii: "="), count: encodedCount(bytes.count, isPadded: isPadded))
        )
        output.withUnsafeMutableBufferPointer { buffer in
            write(bytes, to: UnsafeMutableBufferPointer(rebasing: buffer[start...]), alphabet)
        }
    }

    /// The encoded bytes as text.
    static func encode(_ bytes: UnsafeRawBufferPointer, _ alphabet: Alphabet, isPadded: Bool) -> String {
        let count = encodedCount(bytes.count, isPadded: isPadded)
        return String(unsafeUninitializedCapacity: count) { buffer in
            buffer.initialize(repeating: UInt8(ascii: "="))
            write(bytes, to: UnsafeMutableBufferPointer(rebasing: buffer[..<count]), alphabet)
            return count
        }
    }

    /// Writes all characters but the padding.
    private static func write(
        _ bytes: UnsafeRawBufferPointer,
        to output: UnsafeMutableBufferPointer<UInt8>,
        _ alphabet: Alphabet
    ) {
        let digits = UnsafeBufferPointer(start: alphabet.digits.utf8Start, count: 64)
        var source = 0
        var target = 0
        while bytes.count - source >= 3 {
            let group = UInt32(bytes[source]) << 16 | UInt32(bytes[source + 1]) << 8 | UInt32(bytes[source + 2])
            output[target] = digits[Int(group >> 18)]
            output[target + 1] = digits[Int(group >> 12 & 63)]
            output[target + 2] = digits[Int(group >> 6 & 63)]
            output[target + 3] = digits[Int(group & 63)]
            source += 3
            target += 4
        }
        guard source < bytes.count else { return }
        let hasTwo = bytes.count - source == 2
        let group = UInt32(bytes[source]) << 16 | (hasTwo ? UInt32(bytes[source + 1]) << 8 : 0)
        output[target] = digits[Int(group >> 18)]
        output[target + 1] = digits[Int(group >> 12 & 63)]
        if hasTwo { output[target + 2] = digits[Int(group >> 6 & 63)] }
    }

    /// The bytes of an encoded text, with its padding or without any; nil when a character, the length or an unused bit is wrong.
    ///
    /// Unused bits must be 0, so that each sequence of bytes has one text only.
    static func decode(_ text: Span<UInt8>, _ alphabet: Alphabet) -> [UInt8]? {
        var count = text.count
        while count > 0, text.count - count < 2, text[count - 1] == UInt8(ascii: "=") { count -= 1 }
        guard count % 4 != 1, count == text.count || text.count % 4 == 0 else { return nil }
        var isValid = true
        let bytes = [UInt8](unsafeUninitializedCapacity: count * 3 / 4) { buffer, initializedCount in
            var group: UInt32 = 0
            var bits: UInt32 = 0
            for index in 0..<count {
                guard let value = alphabet.value(of: text[index]) else {
                    isValid = false
                    return
                }
                group = group << 6 | value
                bits += 6
                if bits >= 8 {
                    bits -= 8
                    buffer[initializedCount] = UInt8(truncatingIfNeeded: group >> bits)
                    initializedCount += 1
                    group &= (1 << bits) - 1
                }
            }
            isValid = group == 0
        }
        return isValid ? bytes : nil
    }
}
