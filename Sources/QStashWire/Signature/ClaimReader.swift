/// Reads the one JSON object in a part of a token: its strings and numbers, and that the rest is JSON.
///
/// Strict and bounded: a name that comes twice, invalid UTF-8, deep nesting or anything behind the object refuses it.
struct ClaimReader {
    /// A member's value, as far as claims need it.
    enum Value: Hashable {
        case string(String)
        case number(Double)
        /// A truth value, null, an array or an object.
        case other
    }

    private static let depthMax = 8
    private static let membersMax = 64

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The members of the object, or nil when the bytes are not one JSON object.
    mutating func readObject() -> [String: Value]? {
        guard let members = object(depth: 1) else { return nil }
        skipBlanks()
        return position == bytes.count ? members : nil
    }

    private mutating func object(depth: Int) -> [String: Value]? {
        guard depth <= Self.depthMax, take(UInt8(ascii: "{")) else { return nil }
        var members: [String: Value] = [:]
        members.reserveCapacity(8)
        if take(UInt8(ascii: "}")) { return members }
        repeat {
            guard let name = string(), take(UInt8(ascii: ":")), let value = value(depth: depth) else { return nil }
            guard members.updateValue(value, forKey: name) == nil, members.count <= Self.membersMax else { return nil }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "}")) ? members : nil
    }

    private mutating func array(depth: Int) -> Value? {
        guard depth <= Self.depthMax, take(UInt8(ascii: "[")) else { return nil }
        if take(UInt8(ascii: "]")) { return .other }
        repeat {
            guard value(depth: depth) != nil else { return nil }
        } while take(UInt8(ascii: ","))
        return take(UInt8(ascii: "]")) ? .other : nil
    }

    private mutating func value(depth: Int) -> Value? {
        skipBlanks()
        guard position < bytes.count else { return nil }
        switch bytes[position] {
        case UInt8(ascii: "\""): return string().map { .string($0) }
        case UInt8(ascii: "{"): return object(depth: depth + 1).map { _ in .other }
        case UInt8(ascii: "["): return array(depth: depth + 1)
        case UInt8(ascii: "t"): return literal("true")
        case UInt8(ascii: "f"): return literal("false")
        case UInt8(ascii: "n"): return literal("null")
        default: return number()
        }
    }

    private mutating func literal(_ text: String) -> Value? {
        guard bytes[position...].starts(with: text.utf8) else { return nil }
        position += text.utf8.count
        return .other
    }

    private mutating func number() -> Value? {
        let start = position
        if peek == UInt8(ascii: "-") { position += 1 }
        let integerStart = position
        guard digits(), position - integerStart == 1 || bytes[integerStart] != UInt8(ascii: "0") else { return nil }
        if peek == UInt8(ascii: ".") {
            position += 1
            guard digits() else { return nil }
        }
        if peek == UInt8(ascii: "e") || peek == UInt8(ascii: "E") {
            position += 1
            if peek == UInt8(ascii: "+") || peek == UInt8(ascii: "-") { position += 1 }
            guard digits() else { return nil }
        }
        guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)), value.isFinite else {
            return nil
        }
        return .number(value)
    }

    private mutating func digits() -> Bool {
        let start = position
        while let byte = peek, byte.isASCIIDigit { position += 1 }
        return position > start
    }

    private mutating func string() -> String? {
        guard take(UInt8(ascii: "\"")) else { return nil }
        let start = position
        while let byte = peek, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { position += 1 }
        // Most strings have no escape and are taken as they are.
        if peek == UInt8(ascii: "\"") {
            position += 1
            return String(validating: bytes[start..<position - 1], as: UTF8.self)
        }
        var text = Array(bytes[start..<position])
        while let byte = peek {
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
            case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
            case ..<0x20: return nil
            default: text.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into text: inout [UInt8]) -> Bool {
        guard let byte = peek else { return false }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = escapedScalar() else { return false }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default: return false
        }
        return true
    }

    /// The character of `\uXXXX`, or of two of them that make a surrogate pair.
    private mutating func escapedScalar() -> Unicode.Scalar? {
        guard let first = codeUnit() else { return nil }
        guard UTF16.isLeadSurrogate(first) else { return Unicode.Scalar(first) }
        guard peek == UInt8(ascii: "\\") else { return nil }
        position += 1
        guard peek == UInt8(ascii: "u") else { return nil }
        position += 1
        guard let second = codeUnit(), UTF16.isTrailSurrogate(second) else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
    }

    private mutating func codeUnit() -> UInt16? {
        guard bytes.count - position >= 4 else { return nil }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = bytes[position].hexadecimalValue else { return nil }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skipBlanks() {
        while let byte = peek, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { position += 1 }
    }

    /// Takes a character, after blanks, if it is the next one.
    private mutating func take(_ character: UInt8) -> Bool {
        skipBlanks()
        guard peek == character else { return false }
        position += 1
        return true
    }
}
