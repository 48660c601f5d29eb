/// A statement or a part of one, with its parameters.
///
/// Written as a string, in which every interpolated value becomes a bound parameter:
/// `"SELECT name FROM trip WHERE id = \(id) AND status IN (\(list: statuses))"`. Values are never put into the text. See
/// ``SQL/StringInterpolation`` for what else can be interpolated.
public struct SQL: Sendable, Hashable {
    indirect enum Piece: Sendable, Hashable {
        case text(String)
        case value(SQLValue)
        /// A table's name, in which a dot separates the schema.
        case table(String)
        case either(sqlite: [Piece], postgres: [Piece])
    }

    var pieces: [Piece]

    init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// A statement without parameters.
    ///
    /// - Parameter text: The program's own words, never something that came in from outside.
    public init(raw text: String) {
        self.pieces = [.text(text)]
    }

    /// One part after the other.
    public static func + (left: SQL, right: SQL) -> SQL {
        SQL(pieces: left.pieces + right.pieces)
    }

    /// Puts another part at the end.
    public static func += (left: inout SQL, right: SQL) {
        left.pieces += right.pieces
    }
}

extension SQL: ExpressibleByStringInterpolation {
    /// A statement without parameters.
    public init(stringLiteral text: String) {
        self.pieces = text.isEmpty ? [] : [.text(text)]
    }

    /// A statement with parameters.
    public init(stringInterpolation: StringInterpolation) {
        self.pieces = stringInterpolation.pieces
    }
}

extension [SQL] {
    /// The parts with a text between each two, such as `", "` or `" AND "`.
    ///
    /// - Parameter separator: The program's own words, never something that came in from outside.
    public func joined(separator: String) -> SQL {
        var pieces: [SQL.Piece] = []
        for (index, part) in enumerated() {
            if index > 0 { pieces.append(.text(separator)) }
            pieces += part.pieces
        }
        return SQL(pieces: pieces)
    }
}
