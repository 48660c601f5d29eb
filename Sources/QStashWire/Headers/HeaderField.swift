/// One header line: a name and a value.
///
/// Order and repetition are kept by the arrays that hold fields; equality compares the name as it is written.
package struct HeaderField: Hashable, Sendable {
    /// The name, in any case; ``canonicalName(_:)`` gives the form of the contract.
    package var name: String

    /// The value without the blanks around it.
    package var value: String

    /// A header line; nothing is checked.
    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Whether the name is `other`, whatever the case of ASCII letters.
    package func isNamed(_ other: String) -> Bool {
        let own = name.utf8.span
        let others = other.utf8.span
        return own.spellsSame(as: others)
    }
}

extension HeaderField {
    /// The name in MIME case, as resources show it: `test-header` becomes `Test-Header`.
    ///
    /// A name with characters that no header name may have is returned unchanged.
    package static func canonicalName(_ name: String) -> String {
        canonicalName(name, from: 0)
    }

    /// The canonical form of the part of `name` that begins at a UTF-8 offset, for names behind a prefix.
    static func canonicalName(_ name: String, from offset: Int) -> String {
        let bytes = name.utf8.span
        let rest = bytes.extracting(offset..<bytes.count)
        guard rest.isHeaderName else { return name.slice(offset..<bytes.count) }
        return String(unsafeUninitializedCapacity: rest.count) { buffer in
            var startsWord = true
            for index in 0..<rest.count {
                let lower = rest[index].asciiLowercased
                buffer[index] = startsWord && lower.isASCIILetter ? lower & 0xDF : lower
                startsWord = lower == UInt8(ascii: "-")
            }
            return rest.count
        }
    }

    /// Whether the text is a header name: one or more token characters of RFC 9110.
    package static func isValidName(_ name: String) -> Bool {
        let bytes = name.utf8.span
        return bytes.isHeaderName
    }

    /// Whether the text can travel as a header value: no CR, LF, NUL or other control character except tab.
    ///
    /// Bytes above ASCII are allowed, as HTTP allows them.
    package static func isValidValue(_ value: String) -> Bool {
        let bytes = value.utf8.span
        for index in 0..<bytes.count where bytes[index].isForbiddenInHeaderValue {
            return false
        }
        return true
    }
}

extension Span where Element == UInt8 {
    /// Whether the bytes are a token of RFC 9110, and not none.
    var isHeaderName: Bool {
        guard count > 0 else { return false }
        for index in 0..<count where !self[index].isTokenCharacter {
            return false
        }
        return true
    }
}

extension UInt8 {
    fileprivate var isForbiddenInHeaderValue: Bool {
        (self < 0x20 && self != 0x09) || self == 0x7F
    }

    fileprivate var isTokenCharacter: Bool {
        if isASCIILetter || isASCIIDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default:
            return false
        }
    }
}
