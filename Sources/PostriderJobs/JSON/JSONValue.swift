/// Any JSON value.
///
/// Made from literals: `["count": 3, "tags": ["a"], "note": nil]`.
public enum JSONValue: Sendable, Hashable {
    /// The value `null`.
    case null
    /// True or false.
    case boolean(Bool)
    /// A number without fraction and exponent that fits 64 bits.
    case integer(Int64)
    /// Any other number that a `Double` writes as it was written.
    case number(Double)
    /// A number with more digits than that.
    case decimal(JSONDecimal)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Members by name; their order does not matter.
    case object([String: JSONValue])

    /// The members; nil for anything but an object.
    public var object: [String: JSONValue]? { if case .object(let members) = self { members } else { nil } }

    /// The elements; nil for anything but a list.
    public var array: [JSONValue]? { if case .array(let elements) = self { elements } else { nil } }

    /// The text; nil for anything but text.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    /// The whole number; nil for anything but a number without fraction.
    public var integer: Int64? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int64(exactly: number)
        default: nil
        }
    }

    /// True or false; nil for anything else.
    public var boolean: Bool? { if case .boolean(let flag) = self { flag } else { nil } }

    /// Whether it is `null`.
    public var isNull: Bool { self == .null }

    /// The member of an object; nil when there is none, or this is no object.
    public subscript(_ name: String) -> JSONValue? { object?[name] }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Text.
    public init(stringLiteral text: String) { self = .string(text) }
    /// A whole number.
    public init(integerLiteral number: Int64) { self = .integer(number) }
    /// True or false.
    public init(booleanLiteral flag: Bool) { self = .boolean(flag) }
    /// A number.
    public init(floatLiteral number: Double) { self = .number(number) }
    /// A list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// The value `null`.
    public init(nilLiteral: ()) { self = .null }
    /// An object; of members with the same name the last counts.
    public init(dictionaryLiteral members: (String, JSONValue)...) {
        self = .object(Dictionary(members) { $1 })
    }
}
