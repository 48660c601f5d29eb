import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JSONValueTests {
    private static let texts: [(String, JSONValue)] = [
        ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-0", 0), ("12", 12), ("-7", -7),
        ("9223372036854775807", .integer(.max)), ("10000000000000000000", .number(1e19)),
        ("1.5", 1.5), ("1e2", .number(100)), ("\"a\"", "a"), (#""\u00e9\n\"\/""#, "é\n\"/"), (#""\ud83d\ude00""#, "😀"),
        ("[]", []), ("[1,[2]]", [1, [2]]), ("{}", [:]), (#"{"a":{"b":[null]}}"#, ["a": ["b": [nil]]]),
        (#"{"a":1,"a":2}"#, ["a": 2]), ("\t\r\n 1", 1), ("\"\u{7F}\"", "\u{7F}"),
    ]

    @Test(arguments: texts)
    func textIsRead(text: String, value: JSONValue) {
        #expect(JSONValue.parse(text) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "tru e", "01", "-", "1.", ".5", "1e", "+1", "0x1", "1e999", "NaN", "'a'", "\"a", "\"\\x\"",
        "\"\\u12\"",
        "\"\\ud83d\"", "\"\\ud83d\\n\"", "\"\\ude00\"", "\"\n\"", "[1,]", "[,1]", "[1 2]", "{\"a\"}", "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}", "{} {}", "[1]]", "// a", "\u{FEFF}1", "\"\\u00g0\"",
    ])
    func whatIsNoJSONIsRefused(text: String) {
        #expect(JSONValue.parse(text) == nil)
    }

    private static let notUTF8: [[UInt8]] = [
        [0x22, 0xFF, 0x22], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0x5C, 0x6E, 0xFF, 0x22],
    ]

    @Test(arguments: notUTF8)
    func textThatIsNotUTF8IsRefused(bytes: [UInt8]) {
        #expect(JSONValue.parse(bytes) == nil)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(JSONValue.parse(deep) != nil)
        #expect(JSONValue.parse("[\(deep)]") == nil)
        #expect(JSONValue.parse(String(repeating: "[", count: 100_000)) == nil)
    }

    @Test func canonicalTextIsTheSameForTheSameValue() {
        let one = JSONValue.parse(#"{"b":1.0,"a":[true,null,"x\u002f"],"é":-0.5}"#)
        let other = JSONValue.parse(#"{ "é" : -5e-1, "a" : [ true, null, "x/" ], "b" : 1 }"#)
        #expect(one?.canonicalText == #"{"a":[true,null,"x/"],"b":1,"é":-0.5}"#)
        #expect(one?.canonicalText == other?.canonicalText)
    }

    @Test func whatIsWrittenIsReadAgain() {
        let value: JSONValue = ["a": [1, 2.5, "x\u{1}\"\\", nil, true], "b": ["c": .number(1e300)], "": "😀"]
        #expect(JSONValue.parse(value.bytes) == value)
        #expect(JSONValue.number(.infinity).text == "null")
    }

    @Test func codableTypesAndValuesBecomeEachOther() throws {
        struct Sample: Codable, Equatable {
            var name: String
            var when: Date
            var list: [JSONValue]
        }
        let sample = Sample(name: "n", when: Date(timeIntervalSince1970: 1.25), list: [1, "a", nil, ["k": false]])
        let value = try JSONValue(encoding: sample)
        #expect(value == ["name": "n", "when": "1970-01-01T00:00:01.250Z", "list": [1, "a", nil, ["k": false]]])
        let (decoded, issues) = ParameterDecoder.decode(Sample.self, from: value, unknownKeys: .rejected)
        #expect(decoded == sample)
        #expect(issues.isEmpty)
        let coded = try JSONDecoder().decode(JSONValue.self, from: Data(value.bytes))
        #expect(coded == value)
    }

    private static let dates: [(String, Double)] = [
        ("2026-03-02T08:15:30.120Z", 1_772_439_330.12), ("2026-03-02T09:15:30.12+01:00", 1_772_439_330.12),
        ("2026-03-02T08:15:30Z", 1_772_439_330), ("2026-03-02T02:45:30-0530", 1_772_439_330),
        ("1969-12-31T23:59:59.5Z", -0.5), ("2024-02-29T00:00:00Z", 1_709_164_800),
    ]

    @Test(arguments: dates)
    func datesAreRead(text: String, seconds: Double) throws {
        let date = try #require(ISODate.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_5)
    }

    @Test(arguments: [
        "2026-03-02", "2026-03-02T08:15:30", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-03-02 08:15:30Z",
        "2026-03-02T24:00:00Z", "2026-03-02T08:15:30.Z", "2026-03-02T08:15:30+25:00", "x",
    ])
    func textsThatAreNoMomentAreRefused(text: String) {
        #expect(ISODate.date(text) == nil)
    }

    @Test(arguments: [0.0, -0.25, 1_772_439_330.12, 253_402_300_799])
    func datesAreWrittenAsTheyAreRead(seconds: Double) throws {
        let text = ISODate.text(Date(timeIntervalSince1970: seconds))
        let date = try #require(ISODate.date(text))
        #expect(abs(date.timeIntervalSince1970 - seconds) < 0.000_6)
    }
}
