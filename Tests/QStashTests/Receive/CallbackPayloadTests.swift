import HTTPTypes
import QStash
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CallbackPayloadTests {
    private static let numbersAndArrays = """
        {"status":200,"header":{"Content-Type":["application/json"],"Set-Cookie":["a=1","b=2"]},"body":"eyJvayI6dHJ1ZX0=",
        "retried":1,"maxRetries":3,"sourceMessageId":"msg_7Yx2kQ","topicName":"my-group","endpointName":"billing",
        "url":"https://api.example.com/hook","method":"PUT",
        "sourceHeader":{"Content-Type":["application/json"],"X-Tenant":["7"]},"sourceBody":"eyJuIjoxfQ==",
        "notBefore":1760000000000,"createdAt":1759999990123,"scheduleId":"scd_nightly","callerIP":"203.0.113.9"}
        """
    private static let textAndSingles = """
        {"status":"200","header":{"Content-Type":"application/json","Set-Cookie":["a=1","b=2"]},"body":"eyJvayI6dHJ1ZX0",
        "retried":"1","maxRetries":"3","sourceMessageId":"msg_7Yx2kQ","topicName":"my-group","endpointName":"billing",
        "url":"https://api.example.com/hook","method":"PUT",
        "sourceHeader":{"content-type":"application/json","X-Tenant":"7"},"sourceBody":"eyJuIjoxfQ==",
        "notBefore":"1760000000000","createdAt":"1759999990123","scheduleId":"scd_nightly","callerIp":"203.0.113.9"}
        """

    private func payload(_ json: String) throws -> CallbackPayload {
        try CallbackPayload(decoding: Array(json.utf8))
    }

    /// A payload of the required fields and the given ones.
    private func payload(with members: String) throws -> CallbackPayload {
        try payload(#"{"sourceMessageId":"msg_1","url":"https://a.test/"\#(members.isEmpty ? "" : ",")\#(members)}"#)
    }

    @Test(arguments: [numbersAndArrays, textAndSingles])
    func bothSpellingsAreRead(json: String) throws {
        let payload = try payload(json)
        #expect(payload.status == 200)
        #expect(payload.headers[.contentType] == "application/json")
        #expect(payload.headers[values: .setCookie] == ["a=1", "b=2"])
        #expect(payload.body == Array(#"{"ok":true}"#.utf8))
        #expect(payload.retried == 1)
        #expect(payload.retriesMax == 3)
        #expect(payload.sourceMessageID == "msg_7Yx2kQ")
        #expect(payload.urlGroup == "my-group")
        #expect(payload.endpointName == "billing")
        #expect(payload.url == "https://api.example.com/hook")
        #expect(payload.method == .put)
        #expect(payload.sourceHeaders[try #require(.init("X-Tenant"))] == "7")
        #expect(payload.sourceHeaders[.contentType] == "application/json")
        #expect(payload.sourceBody == Array(#"{"n":1}"#.utf8))
        #expect(payload.notBefore == Date(timeIntervalSince1970: 1_760_000_000))
        #expect(payload.createdAt == Date(timeIntervalSince1970: 1_759_999_990.123))
        #expect(payload.scheduleID == "scd_nightly")
        #expect(payload.dlqID == nil)
        #expect(payload.callerIP == "203.0.113.9")
        #expect(payload.isSuccess && payload.isLastAttempt)
    }

    @Test(arguments: [
        "",
        """
        "status":null,"header":null,"body":null,"retried":null,"maxRetries":null,"topicName":null,"endpointName":null,
        "method":null,"sourceHeader":null,"sourceBody":null,"notBefore":null,"createdAt":null,"scheduleId":null,
        "dlqId":null,"callerIP":null,"callerIp":null
        """,
        """
        "status":"","header":{},"body":"","retried":"","maxRetries":"","topicName":"","endpointName":"",
        "method":"","sourceHeader":{"X":null},"sourceBody":"","notBefore":"","createdAt":"","scheduleId":"",
        "dlqId":"","callerIP":"","callerIp":""
        """,
    ])
    func whatIsMissingNullOrEmptyIsNothing(members: String) throws {
        let payload = try payload(with: members)
        #expect(payload.status == 0)
        #expect(payload.headers.isEmpty)
        #expect(payload.body.isEmpty)
        #expect(payload.retried == 0)
        #expect(payload.retriesMax == 0)
        #expect(payload.sourceMessageID == "msg_1")
        #expect(payload.urlGroup == nil)
        #expect(payload.endpointName == nil)
        #expect(payload.method == nil)
        #expect(payload.sourceHeaders.isEmpty)
        #expect(payload.sourceBody.isEmpty)
        #expect(payload.notBefore == nil)
        #expect(payload.createdAt == nil)
        #expect(payload.scheduleID == nil)
        #expect(payload.dlqID == nil)
        #expect(payload.callerIP == nil)
    }

    @Test(
        arguments: [
            (#""status":200,"retried":0,"maxRetries":3"#, true, true),
            (#""status":299,"retried":0,"maxRetries":3"#, true, true),
            (#""status":300,"retried":0,"maxRetries":3"#, false, false),
            (#""status":199,"retried":2,"maxRetries":3"#, false, false),
            (#""status":500,"retried":3,"maxRetries":3"#, false, true),
            (#""status":0,"retried":1,"maxRetries":0"#, false, true),
            (#""status":489,"retried":0,"maxRetries":3,"dlqId":"1725323658779-0""#, false, true),
        ]
    )
    func successAndTheLastAttemptAreTold(members: String, isSuccess: Bool, isLastAttempt: Bool) throws {
        let payload = try payload(with: members)
        #expect(payload.isSuccess == isSuccess)
        #expect(payload.isLastAttempt == isLastAttempt)
    }

    @Test func aFailureCallbackNamesItsEntry() throws {
        #expect(try payload(with: #""dlqId":"1725323658779-0""#).dlqID == "1725323658779-0")
    }

    @Test func unknownFieldsArePassedOver() throws {
        #expect(try payload(with: #""label":["a"],"x":{"y":[null,1e3,{}]},"é":1"#).status == 0)
    }

    @Test func headersWhoseNameHTTPForbidsAreLeftOut() throws {
        let fields = try payload(with: #""header":{"X-A":["1"],":path":["/"],"":["2"],"a b":["3"],"x-a":"4"}"#).headers
        #expect(Set(fields.map(\.value)) == ["1", "4"])
        #expect(fields[values: try #require(.init("x-a"))].count == 2)
    }

    @Test func bodiesDecodeToWhatTheyHold() throws {
        struct Answer: Decodable, Equatable {
            let ok: Bool
        }
        struct Order: Decodable, Equatable {
            let n: Int
        }
        let payload = try payload(Self.numbersAndArrays)
        #expect(try payload.decodeBody(as: Answer.self) == Answer(ok: true))
        #expect(try payload.decodeSourceBody(as: Order.self) == Order(n: 1))
        #expect(throws: DecodingError.self) { try payload.decodeBody(as: Order.self) }
        #expect(throws: DecodingError.self) { try self.payload(with: "").decodeBody(as: Answer.self) }
    }

    @Test func bodiesMayBeAnyBytes() throws {
        let payload = try payload(with: #""body":"//79AA==","sourceBody":"+/+/""#)
        #expect(payload.body == [0xFF, 0xFE, 0xFD, 0x00])
        #expect(payload.sourceBody == [0xFB, 0xFF, 0xBF])
    }

    @Test func theDescriptionTellsNoContent() throws {
        let payload = try payload(Self.numbersAndArrays)
        #expect("\(payload)" == "CallbackPayload(msg_7Yx2kQ, status 200, retried 1 of 3)")
        #expect(String(reflecting: payload) == "\(payload)")
    }

    @Test func anyDecoderReadsIt() throws {
        let decoded = try JSONDecoder().decode([CallbackPayload].self, from: Data("[\(Self.textAndSingles)]".utf8))
        #expect(decoded == [try payload(Self.textAndSingles)])
    }
}
