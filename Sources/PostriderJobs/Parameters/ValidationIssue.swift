/// A step to a place in a JSON value: a member's name, or the index of an element.
public enum JSONPathElement: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
    /// The member of an object.
    case key(String)
    /// The element of a list, counted from 0.
    case index(Int)

    /// A member.
    public init(stringLiteral name: String) { self = .key(name) }

    /// An element.
    public init(integerLiteral index: Int) { self = .index(index) }

    /// The step as it stands in an answer.
    var json: JSONValue {
        switch self {
        case .key(let name): .string(name)
        case .index(let index): .integer(Int64(index))
        }
    }
}

/// One thing that is wrong with what a request brings, and where.
public struct ValidationIssue: Sendable, Hashable {
    /// The place, from the outside in; empty for the whole.
    public let path: [JSONPathElement]

    /// What is wrong, for programs: `invalid_type`, `missing`, `invalid_value`, `unknown_key`, `too_deep`, or a code of the type's own.
    public let code: String

    /// What is wrong, for people; nothing of the value.
    public let message: String

    /// An issue.
    public init(path: [JSONPathElement], code: String, message: String) {
        self.path = path
        self.code = code
        self.message = message
    }

    /// The issue as it stands in an answer.
    var json: JSONValue {
        ["path": .array(path.map(\.json)), "code": .string(code), "message": .string(message)]
    }

    /// How many issues an answer tells at most.
    static let countMax = 100
}
