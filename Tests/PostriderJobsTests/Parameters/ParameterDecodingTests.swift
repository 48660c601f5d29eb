import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct ParameterDecodingTests {
    enum Color: String, Codable, CaseIterable { case red, green }
    enum Shape: String, Codable { case round, square }

    struct Part: Codable, Sendable, Equatable {
        var id: UUID
        var size: UInt8
        var color: Color?
    }

    struct Order: JobParameters, Equatable {
        static let jobName = "order"
        var name: String
        var count: Int
        var ratio: Double
        var isUrgent: Bool
        var due: Date
        var link: URL
        var color: Color
        var parts: [Part]
        var tags: [String: Int]
        var note: String?
        var extra: JSONValue?
        func validate(_ check: inout Validation) {
            check.that(count > 0, "count", "must be above zero", code: "too_small")
            for (index, part) in parts.enumerated() {
                check.at("parts", .index(index)) { $0.that(part.size > 0, "size", "must be above zero") }
            }
        }
    }

    private static let good = #"""
        {"name":"n","count":2,"ratio":1,"isUrgent":true,"due":"2026-03-02T08:15:30Z","link":"https://a.b/c","color":"red",
        "parts":[{"id":"00000000-0000-4000-8000-000000000001","size":3}],"tags":{"a":1},"extra":{"free":[1]},"unknown":1}
        """#

    private func issues<P: JobParameters>(_ type: P.Type, _ text: String) -> [String] {
        guard case .invalid(let issues) = DecodedParameters<P>(body: Array(text.utf8)) else { return [] }
        return issues.map { issue in
            let path = issue.path.map { element in
                switch element {
                case .key(let name): name
                case .index(let index): "\(index)"
                }
            }
            return "\(path.joined(separator: "."))=\(issue.code)"
        }
    }

    @Test func noMoreThanAHundredIssuesAreTold() throws {
        struct Item: Codable, Sendable { var id: Int }
        let wrong = (0..<60).map { _ in #"{"id":"x"}"# }
        let unknown = (0..<500).map { _ in #"{"id":1,"a":1,"b":1}"# }
        let json = try #require(JSONValue.parse("[\((wrong + unknown).joined(separator: ","))]"))
        let (_, issues) = ParameterDecoder.decode([Item].self, from: json, unknownKeys: .rejected)
        #expect(issues.count == 100)
        #expect(issues.count { $0.code == "unknown_key" } == 40)
        let record = DecodingRecord(tracksKeys: true)
        for index in 0..<560 {
            record.see(object: [.index(index)])
            record.see("id", in: [.index(index)])
        }
        #expect(record.unknownKeys(in: json).count == 100)
    }

    @Test func whatIsRightIsDecoded() throws {
        guard case .valid(let order) = DecodedParameters<Order>(body: Array(Self.good.utf8)) else {
            Issue.record("nothing is wrong with it")
            return
        }
        #expect(order.count == 2)
        #expect(order.ratio == 1)
        #expect(order.parts.first?.size == 3)
        #expect(order.extra == ["free": [1]])
        #expect(order.due == Date(timeIntervalSince1970: 1_772_439_330))
    }

    @Test func everyProblemIsToldWithItsPath() {
        let text = #"""
            {"name":7,"count":"2","ratio":null,"due":"yesterday","link":"https://a.b/c","color":"blue",
            "parts":[{"id":"x","size":3},{"size":300,"color":"pink"},7],"tags":{"a":"b","c":1}}
            """#
        #expect(
            Set(issues(Order.self, text)) == [
                "name=invalid_type", "count=invalid_type", "ratio=invalid_type", "isUrgent=missing",
                "due=invalid_value",
                "color=invalid_value", "parts.0.id=invalid_value", "parts.1.id=missing", "parts.1.size=invalid_value",
                "parts.1.color=invalid_value", "parts.2=invalid_type", "tags.a=invalid_type",
            ]
        )
    }

    @Test func aMissingObjectIsOneIssue() {
        struct Outer: JobParameters {
            static let jobName = "outer"
            var part: Part
            var other: Part
        }
        #expect(issues(Outer.self, #"{"other":[]}"#) == ["part=missing", "other=invalid_type"])
        #expect(issues(Outer.self, "[]") == ["=invalid_type"])
    }

    @Test func whatHasItsTypesIsValidated() {
        let text = Self.good.replacing("\"count\":2", with: "\"count\":0").replacing("\"size\":3", with: "\"size\":0")
        #expect(issues(Order.self, text) == ["count=too_small", "parts.0.size=invalid_value"])
    }

    struct Strict: JobParameters {
        static let jobName = "strict"
        static let unknownKeys = UnknownKeys.rejected
        struct Inner: Codable { var a: Int }
        var inner: Inner
        var list: [Inner]
        var free: JSONValue
        var map: [String: Int]
        var gone: String?
    }

    @Test func unknownKeysAreToldWhereTheyAreRefused() {
        let known = #"{"inner":{"a":1},"list":[{"a":1}],"free":{"x":{"y":1}},"map":{"k":1},"gone":null}"#
        #expect(issues(Strict.self, known) == [])
        let unknown = #"{"inner":{"a":1,"b":2},"list":[{"a":1},{"a":2,"z":0}],"free":0,"map":{},"more":1}"#
        #expect(
            issues(Strict.self, unknown) == ["inner.b=unknown_key", "list.1.z=unknown_key", "more=unknown_key"]
        )
        let both = #"{"inner":{"a":"x","b":2},"list":[],"free":0,"map":{}}"#
        #expect(issues(Strict.self, both) == ["inner.a=invalid_type", "inner.b=unknown_key"])
    }

    @Test func aTypeThatTriesOneFormAfterAnotherMayFind() {
        struct Either: JobParameters {
            static let jobName = "either"
            struct Value: Codable {
                var text: String
                init(from decoder: any Decoder) throws {
                    let container = try decoder.singleValueContainer()
                    if let number = try? container.decode(Int.self) {
                        text = "\(number)"
                    } else {
                        text = try container.decode(String.self)
                    }
                }
                func encode(to encoder: any Encoder) throws {
                    var container = encoder.singleValueContainer()
                    try container.encode(text)
                }
            }
            var values: [Value]
            var count: Int
        }
        #expect(issues(Either.self, #"{"values":[1,"a"],"count":1}"#) == [])
        #expect(issues(Either.self, #"{"values":[1,"a"],"count":"x"}"#) == ["count=invalid_type"])
    }

    @Test func aTypeWithoutPlaceholderEndsOnlyItsOwnObject() {
        struct Drawing: JobParameters {
            static let jobName = "drawing"
            struct Figure: Codable {
                var shape: Shape
                var size: Int
            }
            var figures: [Figure]
            var count: Int
        }
        let text = #"{"figures":[{"shape":"oval","size":"x"},{"shape":"round","size":"y"}],"count":"z"}"#
        #expect(
            issues(Drawing.self, text)
                == ["figures.0.shape=invalid_value", "figures.1.size=invalid_type", "count=invalid_type"]
        )
    }

    @Test func aTypeThatContainsItselfEnds() {
        final class Node: Codable, Sendable {
            let next: Node
            init(next: Node) { self.next = next }
        }
        struct Chain: JobParameters {
            static let jobName = "chain"
            var node: Node
        }
        #expect(!issues(Chain.self, #"{"node":{"next":1}}"#).isEmpty)
    }

    @Test func issuesAreBounded() {
        struct Many: JobParameters {
            static let jobName = "many"
            var list: [Int]
        }
        let text = #"{"list":["# + Array(repeating: "\"x\"", count: 1_000).joined(separator: ",") + "]}"
        #expect(issues(Many.self, text).count == 100)
    }

    @Test func whatIsNoJSONIsMalformed() {
        guard case .malformed(let why) = DecodedParameters<Order>(body: Array("{\"secret\":".utf8)) else {
            Issue.record("it is no JSON")
            return
        }
        #expect(!why.contains("secret"))
    }

    @Test func messagesTellTheChoicesAndNothingOfTheValue() {
        guard
            case .invalid(let issues) = DecodedParameters<Order>(
                body: Array(Self.good.replacing("\"red\"", with: "\"hunter2\"").utf8)
            )
        else {
            Issue.record("hunter2 is no color")
            return
        }
        #expect(issues.map(\.message) == ["must be one of red, green"])
    }
}
