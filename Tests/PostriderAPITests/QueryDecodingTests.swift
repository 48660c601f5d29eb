import HTTPTypes
import Testing

@testable import PostriderAPI

@Suite struct QueryDecodingTests {
    private static let decoded: [(String, [[String]])] = [
        ("", []),
        ("&&", []),
        ("a=1", [["a", "1"]]),
        ("a", [["a", ""]]),
        ("a=", [["a", ""]]),
        ("=1", [["", "1"]]),
        ("a=b=c", [["a", "b=c"]]),
        ("b=2&a=1&b=3", [["b", "2"], ["a", "1"], ["b", "3"]]),
        ("a=x+y%2Bz", [["a", "x y+z"]]),
        ("%61+b=%C3%a9%26%3d", [["a b", "é&="]]),
        ("a=%00", [["a", "\0"]]),
        ("a=1;b=2", [["a", "1;b=2"]]),
        ("é=ü", [["é", "ü"]]),
    ]

    @Test(arguments: decoded)
    func namesAndValuesAreDecodedInOrder(query: String, expected: [[String]]) throws {
        #expect(try QueryParameters(query[...]).all.map { [$0.name, $0.value] } == expected)
    }

    @Test func noQueryHasNoParameters() throws {
        #expect(try QueryParameters(nil).all.isEmpty)
    }

    @Test(arguments: [
        "a=%", "a=%4", "a=%zz", "a=%4g", "%", "a=%+1", "a=%é1", "a=%ff", "a=%C3", "a=%ED%A0%80", "%C0%AF=1", "b=1&a=%",
    ])
    func brokenEscapesAndBytesThatAreNoTextAreRefused(query: String) {
        let error = #expect(throws: APIError.self) { try QueryParameters(query[...]) }
        #expect(error?.status == .badRequest)
        #expect(error?.code == "query_invalid")
    }

    @Test func parametersAreBounded() throws {
        let most = Array(repeating: "a", count: 2_048).joined(separator: "&")
        #expect(try QueryParameters(most[...]).all.count == 2_048)
        let error = #expect(throws: APIError.self) { try QueryParameters("\(most)&a") }
        #expect(error?.code == "query_invalid")
    }

    @Test func aNameHasItsValuesInOrder() throws {
        let parameters = try QueryParameters("a=2&b=&a=1&A=3")
        #expect(parameters["a"] == ["2", "1"])
        #expect(parameters["b"] == [""])
        #expect(parameters["c"] == nil)
    }

    @Test func aListIsRepeatedOrCommaSeparated() throws {
        let parameters = try QueryParameters("a=1,2&b=&a=&a=3%2C4,,5&c=,")
        #expect(parameters.list("a") == ["1", "2", "3", "4", "5"])
        #expect(parameters.list("b") == [])
        #expect(parameters.list("c") == [])
        #expect(parameters.list("d") == nil)
    }

    @Test func onlyTheNamesAskedForAreAllowed() throws {
        let parameters = try QueryParameters("a=1&b=2&qstash_token=x")
        #expect(throws: Never.self) { try parameters.allowOnly(["a", "b", "c"]) }
        let unknown = #expect(throws: APIError.self) { try parameters.allowOnly(["a"]) }
        #expect(unknown == APIError(.badRequest, code: "parameter_unknown", message: "unknown parameter b"))
        let later = #expect(throws: APIError.self) { try parameters.allowOnly(["a"], notYet: ["b"]) }
        #expect(later?.code == "filter_not_supported_yet")
        let otherCase = #expect(throws: APIError.self) { try parameters.allowOnly(["a", "B"], notYet: ["B"]) }
        #expect(otherCase?.code == "parameter_unknown")
    }

    @Test func aRefusalRepeatsOnlyTheNamesBeginning() throws {
        let name = String(repeating: "x", count: 10_000)
        let parameters = try QueryParameters(name[...])
        let error = #expect(throws: APIError.self) { try parameters.allowOnly([]) }
        #expect(error?.message == "unknown parameter " + String(repeating: "x", count: 64))
    }
}
