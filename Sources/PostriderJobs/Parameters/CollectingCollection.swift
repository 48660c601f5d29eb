/// A collection that is decoded element by element, so that one bad element does not hide the next.
protocol CollectingCollection {
    /// The elements that could be made; those that could not are recorded and left out.
    static func collect(from decoder: ParameterDecoder) throws -> Self
}

extension Array: CollectingCollection where Element: Decodable {
    static func collect(from decoder: ParameterDecoder) throws -> [Element] {
        guard case .array(let elements)? = decoder.value else {
            try decoder.mismatch("a list")
            return []
        }
        return elements.indices.compactMap { index in
            try? decoder.child(elements[index], .index(index)).unbox(Element.self)
        }
    }
}

extension Set: CollectingCollection where Element: Decodable {
    static func collect(from decoder: ParameterDecoder) throws -> Set<Element> {
        Set(try [Element].collect(from: decoder))
    }
}

extension Dictionary: CollectingCollection where Key == String, Value: Decodable {
    static func collect(from decoder: ParameterDecoder) throws -> [String: Value] {
        guard case .object(let members)? = decoder.value else {
            try decoder.mismatch("an object")
            return [:]
        }
        decoder.record.see(object: decoder.path)
        var collected: [String: Value] = [:]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            decoder.record.see(name, in: decoder.path)
            collected[name] = try? decoder.child(value, .key(name)).unbox(Value.self)
        }
        return collected
    }
}

/// What stands in for a value that could not be decoded, while the rest is looked at.
enum Placeholder {
    /// The first case of an enumeration whose cases are known; nil for any other type.
    static func make<Value>(_ type: Value.Type) -> Value? {
        (type as? any CaseIterable.Type).flatMap { first($0) as? Value }
    }

    private static func first<Value: CaseIterable>(_ type: Value.Type) -> Value? { type.allCases.first }

    /// The texts of the cases, for a message; nil when there are none, or too many to tell.
    static func choices(of type: Any.Type) -> [String]? {
        guard let type = type as? any (CaseIterable & RawRepresentable).Type else { return nil }
        let texts = rawTexts(type)
        return texts.isEmpty || texts.count > 20 ? nil : texts
    }

    private static func rawTexts<Value: CaseIterable & RawRepresentable>(_ type: Value.Type) -> [String] {
        type.allCases.map { "\($0.rawValue)" }
    }
}
