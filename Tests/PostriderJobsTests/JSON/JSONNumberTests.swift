import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JSONNumberTests {
    struct Amounts: Codable, Sendable, Equatable {
        var count: UInt64
        var price: Decimal
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value? {
        ParameterDecoder.decode(type, from: try #require(JSONValue.parse(text)), unknownKeys: .rejected).value
    }

    @Test(arguments: [
        ("18446744073709551615", "18446744073709551614"), ("9007199254740993.5", "9007199254740993.25"),
        ("3.14159265358979323846", "3.14159265358979323847"), ("-9223372036854775809", "-9223372036854775810"),
        ("0.1000000000000000055511151231257827", "0.1"),
        ("123456789012345678901234567890", "123456789012345678901234567891"),
    ])
    func numbersThatDifferAreKeptApart(one: String, other: String) throws {
        let first = try #require(JSONValue.parse("[\(one)]"))
        let second = try #require(JSONValue.parse("[\(other)]"))
        #expect(first != second)
        #expect(first.canonicalText != second.canonicalText)
        #expect(first.canonicalText == "[\(one)]")
        #expect(JSONValue.parse(first.bytes) == first)
    }

    @Test(arguments: [
        ("18446744073709551615", "1.8446744073709551615e19"), ("18446744073709551615.0", "18446744073709551615"),
        ("9223372036854775807.0", "9223372036854775807"), ("3.141592653589793238460", "314159265358979323846E-20"),
        ("100", "1e2"), ("0.50", "5e-1"), ("-0.0", "0"), ("0e99999999999999999999", "0"),
    ])
    func aNumberHasOneText(one: String, other: String) throws {
        #expect(try #require(JSONValue.parse(one)).canonicalText == #require(JSONValue.parse(other)).canonicalText)
    }

    @Test(arguments: ["1e-400", "-1e-99999999999999999999", "1e400", "1e99999999999999999999"])
    func whatNobodyCanRepresentIsRefused(text: String) {
        #expect(JSONValue.parse(text) == nil)
    }

    @Test func eventKeysOfLongNumbersAreDifferent() throws {
        func key(_ id: String) throws -> String {
            let text = #"{"type":"INSERT","table":"t","record":{"id":\#(id)},"occurred_at":"2026-03-02T08:15:30Z"}"#
            return try DatabaseEvent(wire: #require(JSONValue.parse(text))).eventKey
        }
        #expect(try key("18446744073709551615") == "t:INSERT:2026-03-02T08:15:30Z:18446744073709551615")
        #expect(try key("18446744073709551614") == "t:INSERT:2026-03-02T08:15:30Z:18446744073709551614")
    }

    @Test func wholeAndDecimalNumbersAreDecodedExactly() throws {
        let text = #"{"count":18446744073709551615,"price":12345678901234567890.123456789}"#
        let amounts = try #require(try decode(Amounts.self, text))
        #expect(amounts.count == .max)
        #expect("\(amounts.price)" == "12345678901234567890.123456789")
        #expect(try decode(Decimal.self, "0.1") == Decimal(string: "0.1"))
        #expect(try decode(Double.self, "3.14159265358979323846") == 3.141592653589793)
    }

    @Test(arguments: ["18446744073709551616", "-1", "1.5", "3.14159265358979323846"])
    func whatIsNoUInt64IsRefused(text: String) throws {
        #expect(try decode(UInt64.self, text) == nil)
    }

    @Test(arguments: ["1e200", "1234567890123456789012345678901234567890.5"])
    func whatIsNoDecimalIsRefused(text: String) throws {
        #expect(try decode(Decimal.self, text) == nil)
    }

    @Test func longNumbersPassThroughCodableTypes() throws {
        let value = try #require(JSONValue.parse(#"{"a":[18446744073709551615,12345678901234567890.5,0.1]}"#))
        #expect(try JSONValue(encoding: value) == value)
        #expect(try JSONDecoder().decode(JSONValue.self, from: Data(value.bytes)) == value)
        let amounts = Amounts(count: .max, price: try #require(Decimal(string: "12345678901234567890.123456789")))
        let text = try JSONValue(encoding: amounts).text
        #expect(text == #"{"count":18446744073709551615,"price":12345678901234567890.123456789}"#)
    }
}
