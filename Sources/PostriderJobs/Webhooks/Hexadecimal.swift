import Crypto

/// Hexadecimal digits of bytes and of hashes.
enum Hexadecimal {
    /// The bytes of a text of digits in either case; nil when it has another character or an odd length.
    static func bytes(of text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            guard let digit = value(of: character) else { return nil }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        return high == nil ? bytes : nil
    }

    /// The first digits of the SHA-256 of a text.
    ///
    /// - Parameter count: How many, at most 64.
    static func digest(of text: String, count: Int = 64) -> String {
        digest(of: Array(text.utf8), count: count)
    }

    /// The first digits of the SHA-256 of bytes.
    static func digest(of bytes: [UInt8], count: Int = 64) -> String {
        String(SHA256.hash(data: bytes).hexadecimal.prefix(count))
    }

    private static func value(of character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
