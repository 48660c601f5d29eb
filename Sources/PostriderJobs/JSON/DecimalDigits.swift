#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A decimal number by its digits, in one form: of two texts of the same number come equal values.
struct DecimalDigits: Sendable, Hashable {
    private let isNegative: Bool
    /// Without zeros at either end; empty for zero.
    private let digits: [UInt8]
    /// The number is the digits, as a whole number, times ten to this power.
    private let exponent: Int

    var isZero: Bool { digits.isEmpty }
    var isWhole: Bool { exponent >= 0 }
    /// How many digits count.
    var count: Int { digits.count }

    /// - Parameter text: A number as JSON or Swift writes it, with an exponent or without.
    /// - Returns: Nil when it is no number, or its exponent is beyond anything.
    init?(_ text: String) {
        var rest = text.utf8[...]
        isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        let mark = rest.firstIndex { $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }
        let written = rest[..<(mark ?? rest.endIndex)]
        let parts = written.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        let fraction = parts.count > 1 ? Array(parts[1]) : []
        var digits = Array(parts[0]) + fraction
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return nil
        }
        let zerosInFront = digits.prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeFirst(zerosInFront)
        let zerosBehind = digits.reversed().prefix { $0 == UInt8(ascii: "0") }.count
        digits.removeLast(zerosBehind)
        self.digits = digits
        guard !digits.isEmpty else {
            exponent = 0
            return
        }
        var power = 0
        if let mark {
            guard let number = Int(String(decoding: rest[rest.index(after: mark)...], as: UTF8.self)),
                abs(number / 2) < 1_000_000_000
            else { return nil }
            power = number
        }
        exponent = power - fraction.count + zerosBehind
    }

    /// JSON text: without an exponent unless the number is very great or very small.
    var text: String {
        guard !isZero else { return "0" }
        let point = digits.count + exponent
        let text = String(decoding: digits, as: UTF8.self)
        let unsigned =
            switch point {
            case _ where isWhole && point <= 40: "\(text)\(String(repeating: "0", count: exponent))"
            case 1... where !isWhole: "\(text.prefix(point)).\(text.dropFirst(point))"
            case -10...0: "0.\(String(repeating: "0", count: -point))\(text)"
            default: "\(text.prefix(1))\(digits.count > 1 ? "." : "")\(text.dropFirst())e\(point - 1)"
            }
        return isNegative ? "-" + unsigned : unsigned
    }

    static func == (one: DecimalDigits, other: DecimalDigits) -> Bool {
        one.digits == other.digits && one.exponent == other.exponent
            && (one.isNegative == other.isNegative || one.isZero)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(digits)
        hasher.combine(exponent)
    }
}

extension Decimal {
    /// The decimal with exactly these digits; nil when none has them.
    init?(exactly digits: DecimalDigits) {
        guard let decimal = Decimal(string: digits.text), DecimalDigits("\(decimal)") == digits else { return nil }
        self = decimal
    }
}
