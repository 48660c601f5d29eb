import QStashWire

extension JSONValue {
    /// How deep lists and objects may lie in one another.
    static let depthMax = 64

    /// The value of JSON text.
    ///
    /// Strict (RFC 8259): nothing may follow the value, texts are valid UTF-8, numbers within the range of a `Double`, which keep all their
    /// digits. Of members with the same name the last counts.
    ///
    /// - Parameters:
    ///   - bytes: The text in UTF-8.
    ///   - depthMax: How deep lists and objects may lie in one another; 64 unless said otherwise, and never more.
    /// - Returns: Nil when the text is not JSON, or nested deeper.
    public static func parse(_ bytes: [UInt8], depthMax: Int = 64) -> JSONValue? {
        try? parsing(bytes, depthMax: min(depthMax, Self.depthMax))
    }

    /// The value of JSON text; ``parse(_:depthMax:)`` says which.
    public static func parse(_ text: String, depthMax: Int = 64) -> JSONValue? {
        parse(Array(text.utf8), depthMax: depthMax)
    }

    static func parsing(_ bytes: [UInt8], depthMax: Int = JSONValue.depthMax) throws(JSONParser.Failure) -> JSONValue {
        try bytes.withUnsafeBufferPointer { buffer throws(JSONParser.Failure) in
            try JSONParser.parse(buffer, depthMax: depthMax)
        }
    }

    /// JSON text without blanks, in UTF-8; members are in the order of their names.
    ///
    /// The same value always gives the same text. A number that JSON cannot write, such as infinity, becomes `null`.
    public var bytes: [UInt8] {
        var writer = JSONWriter(capacity: 128)
        write(to: &writer)
        return writer.bytes
    }

    /// JSON text without blanks; members are in the order of their names.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The text that hashes are made over: without blanks, members by the UTF-8 order of their names, whole numbers without a fraction.
    ///
    /// Two texts that mean the same JSON have the same canonical text: `1.0` and `1` do, and any order of members.
    public var canonicalText: String { text }

    private func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .boolean(let flag): writer.value(flag)
        case .integer(let number): writer.value(number)
        case .number(let number): Self.write(number, to: &writer)
        case .decimal(let number): writer.raw(Array(number.text.utf8))
        case .string(let text): writer.value(text)
        case .array(let elements):
            writer.beginArray()
            for element in elements { element.write(to: &writer) }
            writer.endArray()
        case .object(let members):
            writer.beginObject()
            // Swift orders strings by their scalars in NFC, which differs from the order of bytes that others use.
            for (name, value) in members.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
                writer.key(name)
                value.write(to: &writer)
            }
            writer.endObject()
        }
    }

    private static func write(_ number: Double, to writer: inout JSONWriter) {
        if let whole = Int64(exactly: number) {
            writer.value(whole)
        } else if number.isFinite {
            writer.raw(Array("\(number)".utf8))
        } else {
            writer.null()
        }
    }
}
