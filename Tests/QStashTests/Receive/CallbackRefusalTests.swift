import HTTPTypes
import QStash
import Testing

/// Bodies that somebody wrote who is not the server, or a server with a fault.
@Suite struct CallbackRefusalTests {
    private func refusal(_ bytes: [UInt8]) -> QStashError? {
        #expect(throws: QStashError.self) { try CallbackPayload(decoding: bytes) }
    }

    private func refusal(with members: String) -> QStashError? {
        refusal(Array(#"{"sourceMessageId":"msg_1","url":"https://a.test/",\#(members)}"#.utf8))
    }

    @Test(
        arguments: [
            ("status", "-1"), ("status", "1000"), ("status", "1.5"), ("status", "true"), ("status", "[200]"),
            ("status", "{}"), ("status", "1e999"), ("status", "99999999999999999999"), ("status", #""2s3cr3t""#),
            ("status", #"" 200""#), ("status", #""-1""#), ("status", #""+1""#), ("status", #""0xC8""#),
            ("status", #""２００""#), ("status", #""99999999999999999999""#),
            ("retried", "-1"), ("retried", "9223372036854775808"), ("maxRetries", "-9223372036854775808"),
            ("maxRetries", "1000000001"), ("createdAt", "-1"), ("createdAt", "1e30"), ("createdAt", "253402300800000"),
            ("notBefore", #""s3cr3t""#), ("notBefore", #""9223372036854775807""#), ("notBefore", "[]"),
            ("body", #""s3cr3t!""#), ("body", #""A""#), ("body", #""QQ=""#), ("body", #""QR==""#), ("body", #""-_-_""#),
            ("body", #""QQ==\n""#), ("body", "1"), ("body", "[65]"), ("sourceBody", #""====""#), ("sourceBody", "{}"),
            ("header", "[]"), ("header", #""s3cr3t""#), ("header", #"{"s3cr3t":1}"#), ("header", #"{"s3cr3t":[1]}"#),
            ("header", #"{"s3cr3t":[null]}"#), ("header", #"{"s3cr3t":[["x"]]}"#),
            ("sourceHeader", #"{"X":{"s3cr3t":"1"}}"#),
            ("sourceHeader", #"{"X":true}"#), ("method", #""s3cr3t method""#), ("method", "1"), ("topicName", "1"),
            ("endpointName", "{}"), ("scheduleId", "[]"), ("dlqId", "17"), ("callerIP", "1"), ("callerIp", "false"),
        ]
    )
    func aFieldOfTheWrongKindIsNamedAndNotRepeated(field: String, value: String) throws {
        let error = try #require(refusal(with: "\"\(field)\":\(value)"))
        #expect(error.code == .answerInvalid)
        #expect(error.detail.contains(" field \(field) "), "\(error.detail)")
        #expect(error.underlying == nil)
        #expect(!error.debugDescription.contains("s3cr3t"))
    }

    @Test(
        arguments: [
            (#"{"url":"https://a.test/"}"#, "sourceMessageId"), (#"{"sourceMessageId":"msg_1"}"#, "url"),
            (#"{"url":"https://a.test/","sourceMessageId":""}"#, "sourceMessageId"),
            (#"{"url":"https://a.test/","sourceMessageId":null}"#, "sourceMessageId"),
            (#"{"url":"https://a.test/","sourceMessageId":7}"#, "sourceMessageId"),
            (#"{"url":"","sourceMessageId":"msg_1"}"#, "url"), (#"{"url":[],"sourceMessageId":"msg_1"}"#, "url"),
        ]
    )
    func messageAndURLMustBeThere(json: String, field: String) throws {
        let error = try #require(refusal(Array(json.utf8)))
        #expect(error.code == .answerInvalid)
        #expect(error.detail.contains(" field \(field) "))
    }

    @Test(arguments: [
        "", " ", "null", "[]", "1", "\"s3cr3t\"", "{", "{}}", "{\"s3cr3t\":}", "{\"a\":1,}x", "s3cr3t", "\u{0}",
        String(repeating: "[", count: 100_000), String(repeating: "{\"a\":", count: 100_000),
        "{\"a\":" + String(repeating: "[", count: 2_000) + String(repeating: "]", count: 2_000) + "}",
    ])
    func whatIsNoObjectIsRefused(text: String) throws {
        let error = try #require(refusal(Array(text.utf8)))
        #expect(error.code == .answerInvalid)
        #expect(!error.debugDescription.contains("s3cr3t"))
    }

    @Test(arguments: ["header", "sourceHeader", "body", "status", "url", "x"])
    func deepNestingIsRefusedWhereverItIs(field: String) throws {
        let value = String(repeating: "[", count: 50_000) + String(repeating: "]", count: 50_000)
        #expect(try #require(refusal(with: "\"\(field)\":\(value)")).code == .answerInvalid)
    }

    @Test func bytesThatAreNotUTF8AreRefused() throws {
        let bytes =
            Array(#"{"sourceMessageId":"msg_"#.utf8) + [0xFF, 0xC0] + Array(#"","url":"https://a.test/"}"#.utf8)
        #expect(try #require(refusal(bytes)).code == .answerInvalid)
    }

    @Test func headersAreBounded() throws {
        let values = Array(repeating: "\"v\"", count: 70_000).joined(separator: ",")
        let many = try #require(refusal(with: "\"header\":{\"X\":[\(values)]}"))
        #expect(many.detail.contains(" field header "))
        let names = (0..<70_000).map { "\"x\($0)\":\"v\"" }.joined(separator: ",")
        let different = try #require(refusal(with: "\"sourceHeader\":{\(names)}"))
        #expect(different.detail.contains(" field sourceHeader "))
        let allowed = (0..<4_096).map { "\"x\($0)\":\"v\"" }.joined(separator: ",")
        let json = #"{"sourceMessageId":"msg_1","url":"https://a.test/","header":{\#(allowed)}}"#
        #expect(try CallbackPayload(decoding: Array(json.utf8)).headers.count == 4_096)
    }

    @Test func valuesThatAHeaderCannotCarryAreMadeHarmless() throws {
        let json = #"{"sourceMessageId":"msg_1","url":"https://a.test/","header":{"X":"a\r\nb: c\u0000"}}"#
        let headers = try CallbackPayload(decoding: Array(json.utf8)).headers
        #expect(headers.count == 1)
        #expect(headers.allSatisfy { !$0.value.utf8.contains { $0 < 0x20 } })
    }

    @Test func theWholeIsBounded() throws {
        let error = try #require(refusal([UInt8](repeating: 0x20, count: CallbackPayload.bytesMax + 1)))
        #expect(error.code == .answerInvalid)
        #expect(error.detail.contains("\(CallbackPayload.bytesMax)"))
    }
}
