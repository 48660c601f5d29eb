/// Tells JSON (RFC 8259) from other bytes, more strictly than a decoder that lets a comma too many pass.
struct JSONCheck {
    private static let depthMax = 512

    private var rest: ArraySlice<UInt8>

    /// Whether the bytes are one JSON value.
    static func isJSON(_ bytes: [UInt8]) -> Bool {
        guard String(validating: bytes, as: UTF8.self) != nil else { return false }
        var check = JSONCheck(rest: bytes[...])
        guard check.value(depth: 0) else { return false }
        check.skipBlanks()
        return check.rest.isEmpty
    }

    private mutating func value(depth: Int) -> Bool {
        guard depth < Self.depthMax else { return false }
        skipBlanks()
        switch rest.first {
        case UInt8(ascii: "{"): return list(closedBy: "}") { $0.member(depth: depth) }
        case UInt8(ascii: "["): return list(closedBy: "]") { $0.value(depth: depth + 1) }
        case UInt8(ascii: "\""): return string()
        case UInt8(ascii: "t"): return take("true")
        case UInt8(ascii: "f"): return take("false")
        case UInt8(ascii: "n"): return take("null")
        default: return number()
        }
    }

    /// Elements with commas between them, and brackets around.
    private mutating func list(
        closedBy bracket: StaticString,
        element: (inout JSONCheck) -> Bool
    ) -> Bool {
        rest.removeFirst()
        skipBlanks()
        if take(bracket) { return true }
        repeat {
            guard element(&self) else { return false }
            skipBlanks()
        } while take(",")
        return take(bracket)
    }

    private mutating func member(depth: Int) -> Bool {
        skipBlanks()
        guard string() else { return false }
        skipBlanks()
        return take(":") && value(depth: depth + 1)
    }

    private mutating func string() -> Bool {
        guard take("\"") else { return false }
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return true
            case UInt8(ascii: "\\"):
                guard let escaped = rest.popFirst() else { return false }
                if escaped == UInt8(ascii: "u") {
                    guard rest.count >= 4, rest.prefix(4).allSatisfy(Self.isHexDigit) else { return false }
                    rest = rest.dropFirst(4)
                } else if !#""\/bfnrt"#.utf8.contains(escaped) {
                    return false
                }
            case 0..<0x20: return false
            default: continue
            }
        }
        return false
    }

    private mutating func number() -> Bool {
        _ = take("-")
        if !take("0") { guard digits() else { return false } }
        if take(".") { guard digits() else { return false } }
        guard take("e") || take("E") else { return true }
        if !take("+") { _ = take("-") }
        return digits()
    }

    private mutating func digits() -> Bool {
        let after = rest.drop { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        defer { rest = after }
        return after.count < rest.count
    }

    /// Takes the text when it comes next.
    private mutating func take(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { text in
            guard rest.starts(with: text) else { return false }
            rest = rest.dropFirst(text.count)
            return true
        }
    }

    private mutating func skipBlanks() {
        rest = rest.drop { $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }
    }

    private static func isHexDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
