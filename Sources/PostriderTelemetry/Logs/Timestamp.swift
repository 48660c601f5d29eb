/// A moment as log lines show it: ISO 8601 in UTC with milliseconds, `2026-11-21T09:53:01.123Z`.
struct Timestamp: CustomStringConvertible {
    /// Years 1970 to 9999, which keeps the text at 24 characters; what lies outside is shown as the nearest end.
    private static let range: ClosedRange<Int64> = 0...253_402_300_799_999

    private let milliseconds: Int64

    init(millisecondsSince1970: Int64) {
        milliseconds = min(max(millisecondsSince1970, Self.range.lowerBound), Self.range.upperBound)
    }

    var description: String {
        let (days, millisecondOfDay) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
        let (year, month, day) = Self.date(daysSince1970: days)
        let (secondOfDay, millisecond) = millisecondOfDay.quotientAndRemainder(dividingBy: 1_000)
        var text = [UInt8]()
        text.reserveCapacity(24)
        Self.append(year, digits: 4, to: &text)
        for (separator, value) in [
            ("-", month), ("-", day), ("T", secondOfDay / 3_600), (":", secondOfDay / 60 % 60), (":", secondOfDay % 60),
        ] {
            text.append(contentsOf: separator.utf8)
            Self.append(value, digits: 2, to: &text)
        }
        text.append(UInt8(ascii: "."))
        Self.append(millisecond, digits: 3, to: &text)
        text.append(UInt8(ascii: "Z"))
        return String(decoding: text, as: UTF8.self)
    }

    /// The Gregorian date of a day, counted in eras of 400 years that begin on the first of March.
    ///
    /// A year that begins in March has its leap day at its end, so that the months before it never shift.
    private static func date(daysSince1970: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let daysSinceMarchOfYear0 = daysSince1970 + 719_468
        let (era, dayOfEra) = daysSinceMarchOfYear0.quotientAndRemainder(dividingBy: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
    }

    private static func append(_ value: Int64, digits: Int, to text: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<digits { divisor *= 10 }
        while divisor > 0 {
            text.append(UInt8(ascii: "0") + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
