#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A type whose values are bound as parameters and read from columns.
///
/// An enum with raw values of such a type conforms without a line of its own.
public protocol SQLValueConvertible {
    /// The value to bind.
    var sqlValue: SQLValue { get }

    /// The value a column holds; nil when it is none of this type.
    init?(sqlValue: SQLValue)
}

extension SQLValue: SQLValueConvertible {
    /// Itself.
    public var sqlValue: SQLValue { self }

    /// Itself.
    public init?(sqlValue: SQLValue) { self = sqlValue }
}

extension Bool: SQLValueConvertible {
    /// A boolean; on SQLite 0 or 1.
    public var sqlValue: SQLValue { .boolean(self) }

    /// A boolean, or 0 or 1.
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .boolean(let value): self = value
        case .integer(0): self = false
        case .integer(1): self = true
        default: return nil
        }
    }
}

extension Int64: SQLValueConvertible {
    /// An integer.
    public var sqlValue: SQLValue { .integer(self) }

    /// An integer, or the text of one: the `numeric` that `sum` gives on PostgreSQL arrives as text.
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .integer(let value): self = value
        case .text(let text): self.init(text)
        default: return nil
        }
    }
}

extension Int: SQLValueConvertible {
    /// An integer.
    public var sqlValue: SQLValue { .integer(Int64(self)) }

    /// An integer, or the text of one: the `numeric` that `sum` gives on PostgreSQL arrives as text.
    public init?(sqlValue: SQLValue) {
        guard let value = Int64(sqlValue: sqlValue) else { return nil }
        self.init(exactly: value)
    }
}

extension Double: SQLValueConvertible {
    /// A real number.
    public var sqlValue: SQLValue { .real(self) }

    /// A real number, an integer that is one exactly, or a `numeric` of PostgreSQL, which arrives as text.
    public init?(sqlValue: SQLValue) {
        switch sqlValue {
        case .real(let value): self = value
        case .integer(let value): self.init(exactly: value)
        case .text(let text): self.init(text)
        default: return nil
        }
    }
}

extension String: SQLValueConvertible {
    /// A text.
    public var sqlValue: SQLValue { .text(self) }

    /// A text.
    public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self = text
    }
}

extension [UInt8]: SQLValueConvertible {
    /// Bytes.
    public var sqlValue: SQLValue { .bytes(self) }

    /// Bytes.
    public init?(sqlValue: SQLValue) {
        guard case .bytes(let bytes) = sqlValue else { return nil }
        self = bytes
    }
}

extension UUID: SQLValueConvertible {
    /// The text in lower case, as both databases give it back.
    public var sqlValue: SQLValue { .text(uuidString.lowercased()) }

    /// A text of 36 characters.
    public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue else { return nil }
        self.init(uuidString: text)
    }
}

extension Optional: SQLValueConvertible where Wrapped: SQLValueConvertible {
    /// The wrapped value's, or NULL.
    public var sqlValue: SQLValue { self?.sqlValue ?? .null }

    /// NULL is nil; a value that is none of the wrapped type is no value at all.
    public init?(sqlValue: SQLValue) {
        if case .null = sqlValue {
            self = .none
        } else {
            guard let value = Wrapped(sqlValue: sqlValue) else { return nil }
            self = .some(value)
        }
    }
}

extension RawRepresentable where RawValue: SQLValueConvertible {
    /// The raw value's.
    public var sqlValue: SQLValue { rawValue.sqlValue }

    /// The case of the raw value; nil when there is none.
    public init?(sqlValue: SQLValue) {
        guard let rawValue = RawValue(sqlValue: sqlValue) else { return nil }
        self.init(rawValue: rawValue)
    }
}
