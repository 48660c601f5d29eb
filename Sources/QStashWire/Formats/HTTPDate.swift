/// Dates of HTTP headers in the form of RFC 1123: `Sun, 06 Nov 1994 08:49:37 GMT`.
package enum HTTPDate {
    private static let length = 29

    /// The Unix seconds of a date, or nil when the text is not exactly such a date.
    ///
    /// The weekday must be the name of a day, but is not compared with the date. A leap second counts as the first
    /// second of the next minute.
    package static func seconds(parsing text: String) -> Int64? {
        let bytes = text.utf8.span
        return seconds(in: bytes)
    }

    /// The date of Unix seconds, for example `Sun, 06 Nov 1994 08:49:37 GMT`.
    ///
    /// - Parameter seconds: A time in the years 0 to 9999; what lies beyond is written as the nearest of them.
    package static func text(seconds: Int64) -> String {
        let bounded = min(max(seconds, -62_167_219_200), 253_402_300_799)
        let days = bounded >= 0 ? bounded / 86_400 : (bounded - 86_399) / 86_400
        let time = bounded - days * 86_400
        let date = civil(daysSince1970: days)
        // 1970-01-01 was a Thursday.
        let weekday = Int(((days + 4) % 7 + 7) % 7)
        return """
            \(weekdayNames[weekday]), \(two(date.day)) \(monthTexts[Int(date.month) - 1]) \(four(date.year)) \
            \(two(time / 3_600)):\(two(time / 60 % 60)):\(two(time % 60)) GMT
            """
    }

    private static let weekdayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let monthTexts = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }

    private static func four(_ number: Int64) -> String {
        let text = "\(number)"
        return String(repeating: "0", count: max(0, 4 - text.count)) + text
    }

    static func seconds(in bytes: Span<UInt8>) -> Int64? {
        guard bytes.count == length, isDayName(bytes), bytes.begins(with: ", ", from: 3) else { return nil }
        guard bytes[7] == 0x20, bytes[11] == 0x20, bytes[16] == 0x20, bytes.spells(" gmt", from: 25) else { return nil }
        guard bytes[19] == UInt8(ascii: ":"), bytes[22] == UInt8(ascii: ":") else { return nil }
        guard
            let day = number(bytes, 5..<7), let month = month(bytes), let year = number(bytes, 12..<16),
            let hour = number(bytes, 17..<19), let minute = number(bytes, 20..<22), let second = number(bytes, 23..<25)
        else { return nil }
        guard day >= 1, day <= daysInMonth(month, year: year), hour < 24, minute < 60, second <= 60 else { return nil }
        let days = daysSince1970(year: year, month: month, day: day)
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func number(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Int64? {
        let digits = bytes.extracting(range)
        return digits.decimalInteger()
    }

    private static func isDayName(_ bytes: Span<UInt8>) -> Bool {
        bytes.begins(with: "mon") || bytes.begins(with: "tue") || bytes.begins(with: "wed")
            || bytes.begins(with: "thu") || bytes.begins(with: "fri") || bytes.begins(with: "sat")
            || bytes.begins(with: "sun")
    }

    private static let monthNames: [StaticString] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]

    private static func month(_ bytes: Span<UInt8>) -> Int64? {
        for (index, name) in monthNames.enumerated() where bytes.begins(with: name, from: 8) {
            return Int64(index) + 1
        }
        return nil
    }

    private static func daysInMonth(_ month: Int64, year: Int64) -> Int64 {
        switch month {
        case 2: (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// Days from 1970-01-01 in the Gregorian calendar, counted in years that begin in March so that the leap day is last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shiftedYear = month <= 2 ? year - 1 : year
        let era = (shiftedYear >= 0 ? shiftedYear : shiftedYear - 399) / 400
        let yearOfEra = shiftedYear - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date of a day, by the same count of years that begin in March.
    private static func civil(daysSince1970 days: Int64) -> (year: Int64, month: Int64, day: Int64) {
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
