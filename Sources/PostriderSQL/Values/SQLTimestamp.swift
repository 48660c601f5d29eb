#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Times as text: UTC, whole milliseconds, always of one width, so that the order of texts is the order of times.
///
/// For example `2026-11-21T16:20:04.000Z`.
enum SQLTimestamp {
    private static let millisecondsPerDay: Int64 = 86_400_000
    // 0001-01-01 and the last millisecond of 9999: what four digits can say and PostgreSQL reads.
    private static let first: Int64 = -62_135_596_800_000
    private static let last: Int64 = 253_402_300_799_999

    /// The text of a time, to the nearest millisecond; times outside of the years 1 to 9999 become the nearest in them.
    static func text(_ date: Date) -> String {
        let exact = (date.timeIntervalSince1970 * 1_000).rounded()
        let milliseconds = exact >= Double(last) ? last : exact > Double(first) ? Int64(exact) : first
        var days = milliseconds / millisecondsPerDay
        var rest = milliseconds % millisecondsPerDay
        if rest < 0 {
            rest += millisecondsPerDay
            days -= 1
        }
        let (year, month, day) = civil(fromDays: days)
        return String(unsafeUninitializedCapacity: 24) { buffer in
            func put(_ value: Int64, at index: Int, width: Int) {
                var value = value
                for place in (index..<index + width).reversed() {
                    buffer[place] = UInt8(ascii: "0") + UInt8(value % 10)
                    value /= 10
                }
            }
            put(year, at: 0, width: 4)
            buffer[4] = UInt8(ascii: "-")
            put(month, at: 5, width: 2)
            buffer[7] = UInt8(ascii: "-")
            put(day, at: 8, width: 2)
            buffer[10] = UInt8(ascii: "T")
            put(rest / 3_600_000, at: 11, width: 2)
            buffer[13] = UInt8(ascii: ":")
            put(rest / 60_000 % 60, at: 14, width: 2)
            buffer[16] = UInt8(ascii: ":")
            put(rest / 1_000 % 60, at: 17, width: 2)
            buffer[19] = UInt8(ascii: ".")
            put(rest % 1_000, at: 20, width: 3)
            buffer[23] = UInt8(ascii: "Z")
            return 24
        }
    }

    /// The time of a text, in this form or in PostgreSQL's (`2026-11-21 16:20:04.000123+00`); nil for any other.
    ///
    /// What is finer than a millisecond is dropped.
    static func date(_ text: String) -> Date? {
        var text = text
        return text.withUTF8 { milliseconds($0[...]).map { Date(timeIntervalSince1970: Double($0) / 1_000) } }
    }

    /// A time of PostgreSQL's in the form of this program; nil for what is none, as `infinity`.
    static func normalized(_ text: String) -> String? {
        date(text).map(self.text)
    }

    private static func milliseconds(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        var rest = bytes
        guard let year = digits(4, &rest), skip("-", &rest), let month = digits(2, &rest), skip("-", &rest),
            let day = digits(2, &rest), (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        let days = days(year: year, month: month, day: day) * millisecondsPerDay
        // A date alone is its midnight.
        if rest.isEmpty { return days }
        guard skip("T", &rest) || skip(" ", &rest), let hour = digits(2, &rest), skip(":", &rest),
            let minute = digits(2, &rest), skip(":", &rest), let second = digits(2, &rest),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var fraction: Int64 = 0
        if skip(".", &rest) {
            var unit: Int64 = 100
            let start = rest.startIndex
            while let digit = digits(1, &rest) {
                fraction += digit * unit
                unit /= 10
            }
            guard rest.startIndex > start else { return nil }
        }
        guard let offset = offsetMinutes(&rest), rest.isEmpty else { return nil }
        return days + ((hour * 60 + minute - offset) * 60 + second) * 1_000 + fraction
    }

    private static func offsetMinutes(_ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        if rest.isEmpty || skip("Z", &rest) { return 0 }
        let sign: Int64
        if skip("+", &rest) {
            sign = 1
        } else if skip("-", &rest) {
            sign = -1
        } else {
            return nil
        }
        guard let hours = digits(2, &rest) else { return nil }
        _ = skip(":", &rest)
        return sign * (hours * 60 + (digits(2, &rest) ?? 0))
    }

    private static func digits(_ count: Int, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Int64? {
        var value: Int64 = 0
        guard rest.count >= count else { return nil }
        for byte in rest.prefix(count) {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            value = value * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        rest = rest.dropFirst(count)
        return value
    }

    private static func skip(_ character: Unicode.Scalar, _ rest: inout Slice<UnsafeBufferPointer<UInt8>>) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest = rest.dropFirst()
        return true
    }

    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms": years that begin in March, in eras of 400.
    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * monthFromMarch + 2) / 5 + 1)
    }
}

extension Date: SQLValueConvertible {
    /// A text of fixed width in UTC, to the millisecond, such as `2026-11-21T16:20:04.000Z`.
    ///
    /// Times outside of the years 1 to 9999 become the nearest in them. A time that is not a number stays one, which both
    /// databases refuse.
    public var sqlValue: SQLValue {
        let seconds = timeIntervalSince1970
        return seconds.isNaN ? .real(seconds) : .text(SQLTimestamp.text(self))
    }

    /// A text as above or as PostgreSQL writes it; what is finer than a millisecond is dropped.
    public init?(sqlValue: SQLValue) {
        guard case .text(let text) = sqlValue, let date = SQLTimestamp.date(text) else { return nil }
        self = date
    }
}
