import Foundation
import Testing

@testable import PostriderSQL

@Suite struct SQLTimestampTests {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"), (0.0004, "1970-01-01T00:00:00.000Z"), (0.0006, "1970-01-01T00:00:00.001Z"),
        (-0.001, "1969-12-31T23:59:59.999Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
        (4_107_542_399.999, "2100-02-28T23:59:59.999Z"), (-62_135_596_800, "0001-01-01T00:00:00.000Z"),
        (-1e15, "0001-01-01T00:00:00.000Z"), (1e15, "9999-12-31T23:59:59.999Z"),
    ])
    func timesAreTextsOfOneWidth(seconds: Double, text: String) {
        #expect(SQLTimestamp.text(Date(timeIntervalSince1970: seconds)) == text)
    }

    @Test(arguments: [
        ("2000-02-29T12:30:15.250Z", 951_827_415.25), ("2000-02-29 12:30:15.250999+00", 951_827_415.25),
        ("2000-02-29 12:30:15+00", 951_827_415), ("2000-02-29 18:00:15+05:30", 951_827_415),
        ("2000-02-29 09:00:15-03:30", 951_827_415), ("2000-02-29", 951_782_400), ("2000-02-29 00:00:00", 951_782_400),
    ])
    func bothDatabasesFormsAreRead(text: String, seconds: Double) throws {
        #expect(try #require(SQLTimestamp.date(text)).timeIntervalSince1970 == seconds)
    }

    @Test(arguments: [
        "", "infinity", "2000", "2000-13-01", "2000-01-32", "2000-01-01T", "2000-01-01T25:00:00Z",
        "2000-01-01T00:00:00.Z",
        "2000-01-01T00:00:00Zx", "2000-01-01T00:00:00.000 BC", "10000-01-01 00:00:00+00",
    ])
    func otherTextsAreNoTimes(text: String) {
        #expect(SQLTimestamp.date(text) == nil)
    }

    @Test func everyDayOfFourHundredYearsComesBackInOrder() {
        var last = ""
        for day in 0..<146_097 {
            let date = Date(timeIntervalSince1970: Double(day - 50_000) * 86_400 + 0.123)
            let text = SQLTimestamp.text(date)
            guard text > last, SQLTimestamp.date(text) == date else {
                Issue.record("\(text) after \(last)")
                return
            }
            last = text
        }
        #expect(last.hasPrefix("2233-02-0"))
    }
}
