#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A number that neither 64 bits nor a `Double` hold as it was written: a longer whole number, or more digits.
public struct JSONDecimal: Sendable, Hashable {
    /// The number as JSON text; numbers that are the same have the same text.
    public let text: String

    init(_ digits: DecimalDigits) { text = digits.text }

    /// The number as a decimal; nil when it has more digits than one holds, or is out of its range.
    var decimal: Decimal? { DecimalDigits(text).flatMap { Decimal(exactly: $0) } }
}
