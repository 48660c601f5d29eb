extension Span where Element == UInt8 {
    /// Whether the bytes from `offset` to the end spell `text`, whatever the case of ASCII letters.
    ///
    /// `text` is written in lower case. Nothing is allocated, so that headers which are not ours cost a few compares.
    func spells(_ text: StaticString, from offset: Int = 0) -> Bool {
        count - offset == text.utf8CodeUnitCount && begins(with: text, from: offset)
    }

    /// Whether the bytes at `offset` begin with `text`, whatever the case of ASCII letters; `text` is in lower case.
    func begins(with text: StaticString, from offset: Int = 0) -> Bool {
        let length = text.utf8CodeUnitCount
        guard offset >= 0, count - offset >= length else { return false }
        let expected = UnsafeBufferPointer(start: text.utf8Start, count: length)
        for index in 0..<length where self[offset + index].asciiLowercased != expected[index] {
            return false
        }
        return true
    }

    /// Whether both spell the same, whatever the case of ASCII letters.
    func spellsSame(as other: Span<UInt8>) -> Bool {
        guard count == other.count else { return false }
        for index in 0..<count where self[index].asciiLowercased != other[index].asciiLowercased {
            return false
        }
        return true
    }
}

extension UInt8 {
    /// The byte with `A`–`Z` turned into `a`–`z`; every other byte as it is.
    var asciiLowercased: UInt8 {
        self &- 0x41 < 26 ? self | 0x20 : self
    }

    /// Whether the byte is an ASCII digit.
    var isASCIIDigit: Bool {
        self &- 0x30 < 10
    }

    /// Whether the byte is an ASCII letter.
    var isASCIILetter: Bool {
        (self | 0x20) &- 0x61 < 26
    }

    /// Whether the byte is a blank or a tab, the white space that may surround a header value.
    var isBlank: Bool {
        self == 0x20 || self == 0x09
    }

    /// The value of a hexadecimal digit, or nil.
    var hexadecimalValue: UInt8? {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): self - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): self - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): self - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
