import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ParameterDecoder {
    func boolean() throws -> Bool {
        if mode == .placeholder { return false }
        if case .boolean(let flag)? = value { return flag }
        try mismatch("true or false")
        return false
    }

    func string() throws -> String {
        if mode == .placeholder { return "" }
        if case .string(let text)? = value { return text }
        try mismatch("text")
        return ""
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        switch value {
        case _ where mode == .placeholder: return 0
        case .integer(let number):
            if let exact = Number(exactly: number) { return exact }
            try invalid("is out of range")
        case .number(let number): return try whole(DecimalDigits("\(number)"))
        case .decimal(let number): return try whole(DecimalDigits(number.text))
        default: try mismatch("a whole number")
        }
        return 0
    }

    /// By the digits: beyond 2^53 a `Double` is not the number that it is written as.
    private func whole<Number: FixedWidthInteger>(_ digits: DecimalDigits?) throws -> Number {
        if let digits, digits.isWhole {
            if let exact = Number(digits.text, radix: 10) { return exact }
            try invalid("is out of range")
        } else {
            try mismatch("a whole number")
        }
        return 0
    }

    func floating<Number: BinaryFloatingPoint>(_ type: Number.Type) throws -> Number {
        switch value {
        case _ where mode == .placeholder: return 0
        case .integer(let number): return Number(number)
        case .number(let number):
            let converted = Number(number)
            if converted.isFinite { return converted }
            try invalid("is out of range")
        case .decimal(let number):
            // The nearest there is, as this type has it.
            let converted = Number(Double(number.text) ?? .infinity)
            if converted.isFinite { return converted }
            try invalid("is out of range")
        default: try mismatch("a number")
        }
        return 0
    }

    /// The types that JSON carries as something else than their own coding says; nil for any other type.
    func foundationValue<Value: Decodable>(_ type: Value.Type) throws -> Value? {
        if type == JSONValue.self { return try json() as? Value }
        if type == Date.self {
            return try scalar("a date in ISO 8601 with Z or an offset", Date(timeIntervalSince1970: 0), ISODate.date)
                as? Value
        }
        if type == UUID.self { return try scalar("a UUID", Self.noUUID) { UUID(uuidString: $0) } as? Value }
        if type == Data.self { return try scalar("base64", Data()) { Base64.decode($0).map { Data($0) } } as? Value }
        if type == URL.self {
            guard let placeholder = URL(string: "about:blank") else { return nil }
            return try scalar("a URL", placeholder) { URL(string: $0) } as? Value
        }
        if type == Decimal.self { return try decimal() as? Value }
        return nil
    }

    private static let noUUID = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))

    private func json() throws -> JSONValue {
        if let value { return value }
        try mismatch("a value")
        return .null
    }

    private func scalar<Value>(_ noun: String, _ placeholder: Value, _ parse: (String) -> Value?) throws -> Value {
        if mode == .placeholder { return placeholder }
        guard case .string(let text)? = value else {
            try mismatch(noun)
            return placeholder
        }
        if let parsed = parse(text) { return parsed }
        try invalid("must be \(noun)")
        return placeholder
    }

    private func decimal() throws -> Decimal {
        switch value {
        case _ where mode == .placeholder: return 0
        case .integer(let number): return Decimal(number)
        // By its shortest text: 0.1 as a Double is 0.1000000000000000055….
        case .number(let number): return try decimal(DecimalDigits("\(number)"))
        case .decimal(let number): return try decimal(DecimalDigits(number.text))
        default:
            try mismatch("a number")
            return 0
        }
    }

    private func decimal(_ digits: DecimalDigits?) throws -> Decimal {
        if let exact = digits.flatMap({ Decimal(exactly: $0) }) { return exact }
        try invalid("has too many digits")
        return 0
    }
}
