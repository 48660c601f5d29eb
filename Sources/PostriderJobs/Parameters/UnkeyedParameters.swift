/// The elements of a list under decoding.
struct UnkeyedParameters: UnkeyedDecodingContainer {
    let decoder: ParameterDecoder
    let elements: [JSONValue]
    private(set) var currentIndex = 0

    init(decoder: ParameterDecoder, elements: [JSONValue]) {
        self.decoder = decoder
        self.elements = elements
    }

    var codingPath: [any CodingKey] { decoder.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    private var present: ParameterDecoder {
        decoder.child(isAtEnd ? nil : elements[currentIndex], .index(currentIndex))
    }

    mutating func decodeNil() throws -> Bool {
        guard decoder.mode != .placeholder else { return true }
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    /// Moves on only when the element could be decoded, so that a type that tries one form after another can.
    private mutating func advance<Value>(_ decode: (ParameterDecoder) throws -> Value) throws -> Value {
        let value = try decode(present)
        currentIndex += 1
        return value
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try advance { try $0.boolean() } }
    mutating func decode(_ type: String.Type) throws -> String { try advance { try $0.string() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try advance { try $0.floating(type) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try advance { try $0.floating(type) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try advance { try $0.integer(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try advance { try $0.integer(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try advance { try $0.integer(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try advance { try $0.integer(type) } }
    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try advance { try $0.unbox(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try advance { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try advance { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try advance { $0 } }
}
