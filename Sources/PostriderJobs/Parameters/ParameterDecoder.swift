#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Decodes a value from JSON and finds every problem, each with its path.
///
/// It runs in one of three modes. *Strict* throws at the first problem, as any decoder does; what decodes so is right. Where that
/// fails, *collecting* goes over the same place again, records each problem and goes on with a placeholder, so that the next one is
/// found too. What hangs below a problem is decoded as *placeholder*: everything is made up and nothing recorded.
struct ParameterDecoder: Decoder {
    enum Mode { case strict, collecting, placeholder }

    /// Deeper than any JSON that the parser lets through: only a type that contains itself gets there, among placeholders.
    static let depthMax = 72

    /// Nil when the value is missing.
    let value: JSONValue?
    let path: [JSONPathElement]
    let mode: Mode
    let record: DecodingRecord

    var userInfo: [CodingUserInfoKey: Any] { [:] }
    var codingPath: [any CodingKey] { path.map(PathKey.init) }

    /// Decodes a value, or tells all that is wrong with it, at most 100 issues.
    static func decode<Value: Decodable>(
        _ type: Value.Type,
        from json: JSONValue,
        unknownKeys: UnknownKeys
    ) -> (value: Value?, issues: [ValidationIssue]) {
        let record = DecodingRecord(tracksKeys: unknownKeys == .rejected)
        let decoder = ParameterDecoder(value: json, path: [], mode: .collecting, record: record)
        let value = try? decoder.unbox(type)
        let issues = (record.issues + record.unknownKeys(in: json)).prefix(ValidationIssue.countMax)
        return (record.issues.isEmpty ? value : nil, Array(issues))
    }

    func child(_ value: JSONValue?, _ element: JSONPathElement, mode: Mode? = nil) -> ParameterDecoder {
        ParameterDecoder(value: value, path: path + [element], mode: mode ?? self.mode, record: record)
    }

    /// The value as a type, in the mode of this decoder.
    func unbox<Value: Decodable>(_ type: Value.Type) throws -> Value {
        guard path.count <= Self.depthMax else {
            report("too_deep", "is nested too deep")
            throw Unmakeable()
        }
        if let value = try foundationValue(type) { return value }
        switch mode {
        case .strict: return try Value(from: self)
        case .placeholder: return try Placeholder.make(type) ?? Value(from: self)
        case .collecting: return try collect(type)
        }
    }

    private func collect<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let attempt = DecodingRecord(tracksKeys: record.tracksKeys)
        let strict = ParameterDecoder(value: value, path: path, mode: .strict, record: attempt)
        if let value = try? Value(from: strict) {
            record.merge(attempt)
            return value
        }
        if let list = type as? any CollectingCollection.Type, let made = try list.collect(from: self) as? Value {
            return made
        }
        let found = record.issues.count
        do {
            return try Value(from: self)
        } catch {
            // A type that found something wrong itself, in an initialiser of its own.
            if record.issues.count == found { reportInvalid(type) }
            if let placeholder = Placeholder.make(type) { return placeholder }
            throw Unmakeable()
        }
    }

    private func reportInvalid(_ type: Any.Type) {
        guard let choices = Placeholder.choices(of: type) else { return report("invalid_value", "is not valid") }
        report("invalid_value", "must be one of \(choices.joined(separator: ", "))")
    }

    /// Records a problem here, unless everything here is made up.
    func report(_ code: String, _ message: String) {
        if mode == .collecting { record.add(ValidationIssue(path: path, code: code, message: message)) }
    }

    /// The end of a strict attempt: which error does not matter, only that there is one.
    struct Unmakeable: Error {}

    /// Records that something has the wrong type; throws when strict.
    func mismatch(_ expected: String) throws {
        if mode == .strict { throw Unmakeable() }
        if value == nil { report("missing", "is missing") } else { report("invalid_type", "must be \(expected)") }
    }

    /// Records that something has the right type and a wrong value; throws when strict.
    func invalid(_ message: String) throws {
        if mode == .strict { throw Unmakeable() }
        report("invalid_value", message)
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        if mode != .placeholder, case .object(let members)? = value {
            record.see(object: path)
            return KeyedDecodingContainer(KeyedParameters(decoder: self, members: members))
        }
        try mismatch("an object")
        let placeholder = ParameterDecoder(value: nil, path: path, mode: .placeholder, record: record)
        return KeyedDecodingContainer(KeyedParameters(decoder: placeholder, members: [:]))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        if mode != .placeholder, case .array(let elements)? = value {
            return UnkeyedParameters(decoder: self, elements: elements)
        }
        try mismatch("a list")
        let placeholder = ParameterDecoder(value: nil, path: path, mode: .placeholder, record: record)
        return UnkeyedParameters(decoder: placeholder, elements: [])
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleParameter(decoder: self) }

    /// A path element as a coding key.
    struct PathKey: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(_ element: JSONPathElement) {
            switch element {
            case .key(let name): (stringValue, intValue) = (name, nil)
            case .index(let index): (stringValue, intValue) = (String(index), index)
            }
        }

        init(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
        init(intValue: Int) { (stringValue, self.intValue) = (String(intValue), intValue) }
    }
}
