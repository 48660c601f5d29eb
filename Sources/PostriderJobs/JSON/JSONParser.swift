/// Reads JSON text of RFC 8259, strictly and in one pass.
struct JSONParser {
    /// Why a text is not JSON, without anything of the text.
    struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
        let description: String
        /// The offset in bytes at which the text went wrong.
        let offset: Int
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private let depthMax: Int
    private var index = 0

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>, depthMax: Int) throws(Failure) -> JSONValue {
        var parser = JSONParser(bytes: bytes, depthMax: depthMax)
        let value = try parser.value(depth: 0)
        parser.skipBlanks()
        guard parser.index == bytes.count else { throw parser.failure("something follows the value") }
        return value
    }

    private init(bytes: UnsafeBufferPointer<UInt8>, depthMax: Int) {
        self.bytes = bytes
        self.depthMax = depthMax
    }

    private func failure(_ text: String) -> Failure { Failure(description: text, offset: index) }

    private mutating func skipBlanks() {
        while index < bytes.count {
            let byte = bytes[index]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
            index += 1
        }
    }

    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func value(depth: Int) throws(Failure) -> JSONValue {
        skipBlanks()
        guard let byte = next else { throw failure("the text ends where a value is due") }
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"):
            try word("true")
            return .boolean(true)
        case UInt8(ascii: "f"):
            try word("false")
            return .boolean(false)
        case UInt8(ascii: "n"):
            try word("null")
            return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("no value begins like this")
        }
    }

    private mutating func word(_ word: StaticString) throws(Failure) {
        let length = word.utf8CodeUnitCount
        guard bytes.count - index >= length else { throw failure("the text ends within a word") }
        for offset in 0..<length where bytes[index + offset] != word.utf8Start[offset] {
            throw failure("no value begins like this")
        }
        index += length
    }

    private mutating func object(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= depthMax else { throw failure("nested too deep") }
        index += 1
        var members: [String: JSONValue] = [:]
        skipBlanks()
        if next == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipBlanks()
            guard next == UInt8(ascii: "\"") else { throw failure("a name is due") }
            let name = try string()
            skipBlanks()
            guard next == UInt8(ascii: ":") else { throw failure("a colon is due") }
            index += 1
            // Of members with the same name the last counts, as with most parsers.
            members[name] = try value(depth: depth)
            skipBlanks()
            switch next {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "}"):
                index += 1
                return .object(members)
            default: throw failure("a comma or the end of the object is due")
            }
        }
    }

    private mutating func array(depth: Int) throws(Failure) -> JSONValue {
        guard depth <= depthMax else { throw failure("nested too deep") }
        index += 1
        var elements: [JSONValue] = []
        skipBlanks()
        if next == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth))
            skipBlanks()
            switch next {
            case UInt8(ascii: ","): index += 1
            case UInt8(ascii: "]"):
                index += 1
                return .array(elements)
            default: throw failure("a comma or the end of the list is due")
            }
        }
    }
}

// MARK: - Numbers

extension JSONParser {
    private static func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func number() throws(Failure) -> JSONValue {
        let start = index
        if next == UInt8(ascii: "-") { index += 1 }
        guard Self.isDigit(next) else { throw failure("a digit is due") }
        if next == UInt8(ascii: "0") { index += 1 } else { skipDigits() }
        guard !Self.isDigit(next) else { throw failure("a number begins with a zero too many") }
        var isWhole = true
        if next == UInt8(ascii: ".") {
            isWhole = false
            index += 1
            guard Self.isDigit(next) else { throw failure("a digit is due") }
            skipDigits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            isWhole = false
            index += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { index += 1 }
            guard Self.isDigit(next) else { throw failure("a digit is due") }
            skipDigits()
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if isWhole, let number = Int64(text) { return .integer(number) }
        guard let number = JSONValue.number(of: text) else { throw failure("a number is out of range") }
        return number
    }

    private mutating func skipDigits() {
        while Self.isDigit(next) { index += 1 }
    }
}

// MARK: - Text

extension JSONParser {
    /// A string, from its opening to its closing quotation mark.
    private mutating func string() throws(Failure) -> String {
        index += 1
        let start = index
        // Most strings have no escape: they are one stretch.
        while let byte = next, byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { index += 1 }
        if next == UInt8(ascii: "\"") {
            let text = try text(bytes[start..<index])
            index += 1
            return text
        }
        var unescaped = [UInt8](bytes[start..<index])
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                let text = try unescapedText(unescaped)
                index += 1
                return text
            case UInt8(ascii: "\\"): try escape(into: &unescaped)
            case ..<0x20: throw failure("a control character stands in a text")
            default:
                unescaped.append(byte)
                index += 1
            }
        }
        throw failure("the text ends within a string")
    }

    private func text(_ slice: Slice<UnsafeBufferPointer<UInt8>>) throws(Failure) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw failure("a text is not UTF-8") }
        return text
    }

    private func unescapedText(_ bytes: [UInt8]) throws(Failure) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw failure("a text is not UTF-8") }
        return text
    }

    private mutating func escape(into output: inout [UInt8]) throws(Failure) {
        index += 1
        guard let byte = next else { throw failure("the text ends within an escape") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): output.append(byte)
        case UInt8(ascii: "b"): output.append(0x08)
        case UInt8(ascii: "f"): output.append(0x0C)
        case UInt8(ascii: "n"): output.append(0x0A)
        case UInt8(ascii: "r"): output.append(0x0D)
        case UInt8(ascii: "t"): output.append(0x09)
        case UInt8(ascii: "u"): try output.append(contentsOf: scalar().utf8)
        default: throw failure("there is no such escape")
        }
    }

    /// The character of a `\u` escape, of two when it is the first half of a pair.
    private mutating func scalar() throws(Failure) -> Character {
        let first = try hexadecimal()
        if let scalar = Unicode.Scalar(first) { return Character(scalar) }
        guard first < 0xDC00, next == UInt8(ascii: "\\") else { throw failure("half of a surrogate pair") }
        index += 1
        guard next == UInt8(ascii: "u") else { throw failure("half of a surrogate pair") }
        index += 1
        let second = try hexadecimal()
        guard (0xDC00..<0xE000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00))
        else { throw failure("half of a surrogate pair") }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(Failure) -> UInt16 {
        guard bytes.count - index >= 4 else { throw failure("the text ends within an escape") }
        var number: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue, bytes[index] < 0x80 else {
                throw failure("a hexadecimal digit is due")
            }
            number = number << 4 | UInt16(digit)
            index += 1
        }
        return number
    }
}
