import Foundation
import HTTPTypes
import QStash
import Testing

/// What goes out with a message besides its options: the client's headers, the content type, telemetry.
@Suite struct MessageHeaderTests {
    @Test func headersOfTheClientGoWithEveryMessage() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#), .text(#"{"messageId":"m"}"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Tenant": "7", "X-Trace": "a"]))
        try await client.publish(to: Sample.hook)
        try await client.enqueue(to: Sample.hook, in: "orders")
        for request in transport.requests {
            #expect(forwarded(request) == ["X-Tenant: 7", "X-Trace: a"])
        }
    }

    @Test func headersOfTheMessageWinWhateverTheirCase() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Tenant": "7", "X-Trace": "a"]))
        let headers = Sample.fields(["x-tenant": "8", "X-TENANT": "9"])
        try await client.publish(to: Sample.hook, options: PublishOptions(headers: headers))
        #expect(forwarded(try #require(transport.requests.first)) == ["x-tenant: 8", "X-TENANT: 9", "X-Trace: a"])
    }

    @Test func headersOfTheClientGoWithSchedulesButNotWithRetries() async throws {
        let transport = ScriptedTransport(
            .text(#"{"scheduleId":"s"}"#),
            .text(#"{"responses":[{"messageId":"m"}]}"#)
        )
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Tenant": "7"]))
        try await client.schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        try await client.dlq.retry("1-0")
        // A retry would otherwise replace what the message was published with.
        #expect(transport.requests.map(forwarded) == [["X-Tenant: 7"], []])
    }

    @Test func wrongHeaderOfTheClientIsRefusedByName() async throws {
        let transport = ScriptedTransport()
        let client = try QStashClient.over(transport, headers: [.contentType: "text/plain"])
        let error = try await ExchangeCase.error { try await client.publish(to: Sample.hook) }
        #expect(error.option == "configuration.headers" && transport.requests.isEmpty)
    }

    /// The header type turns them into blanks, so that there is never a second line.
    @Test func lineBreaksInHeaderValuesNeverTravel() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        let headers = Sample.fields(["X-A": "1\r\nUpstash-Callback: https://evil.example.com"])
        try await QStashClient.over(transport).publish(to: Sample.hook, options: PublishOptions(headers: headers))
        let fields = try #require(transport.requests.first).head.headerFields
        #expect(fields.allSatisfy { !$0.value.utf8.contains(10) && !$0.value.utf8.contains(13) })
        #expect(fields.filter { $0.name.canonicalName == "upstash-callback" }.isEmpty)
    }

    @Test(arguments: [
        (MessageBody.empty, nil), (MessageBody.bytes([1]), nil), (MessageBody.bytes([1], contentType: "a/b"), "a/b"),
        (MessageBody.text("x"), "text/plain; charset=utf-8"), (MessageBody.text("x", contentType: nil), nil),
    ])
    func contentTypeIsThatOfTheBody(body: MessageBody, type: String?) async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        try await QStashClient.over(transport).publish(body, to: Sample.hook)
        let request = try #require(transport.requests.first)
        #expect(request.head.headerFields[.contentType] == type && request.body == body.bytes)
    }

    @Test func bodyThatIsNoJSONIsRefused() {
        let error = #expect(throws: QStashError.self) { try MessageBody.json(Double.nan) }
        #expect(error?.code == .optionInvalid && error?.option == "body")
    }

    @Test func scheduleWithoutAContentTypeIsJSON() async throws {
        let transport = ScriptedTransport(.text(#"{"scheduleId":"s"}"#), .text(#"{"scheduleId":"s"}"#))
        let schedules = try QStashClient.over(transport).schedules
        try await schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        try await schedules.create(
            ScheduleRequest(cron: "* * * * *", to: Sample.hook, body: .bytes([1], contentType: "a/b"))
        )
        #expect(transport.requests.map { $0.head.headerFields[.contentType] } == ["application/json", "a/b"])
    }

    @Test func telemetryGoesOutOnlyWhereItIsAllowed() async throws {
        let answer = ScriptedTransport.Step.text(#"{"messageId":"m"}"#)
        for isOn in [true, false] {
            let transport = ScriptedTransport(answer, .text("[]"))
            let client = try QStashClient.over(transport, sendsTelemetry: isOn)
            try await client.publish(to: Sample.hook)
            _ = try await client.queues.list()
            let names = transport.requests.map { request in
                request.head.headerFields.map(\.name.canonicalName).filter { $0.hasPrefix("upstash-telemetry-") }.count
            }
            #expect(names == (isOn ? [3, 0] : [0, 0]))
        }
    }

    @Test(arguments: ["1", "true", "TRUE"])
    func environmentTurnsTelemetryOff(_ value: String) async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        let client = try QStashClient(
            environment: ["QSTASH_TOKEN": "t", "UPSTASH_DISABLE_TELEMETRY": value],
            transport: transport
        )
        try await client.publish(to: Sample.hook)
        let fields = try #require(transport.requests.first).head.headerFields
        #expect(!fields.contains { $0.name.canonicalName.hasPrefix("upstash-telemetry-") })
    }

    private func forwarded(_ request: QStashRequest) -> [String] {
        let prefix = "Upstash-Forward-"
        return request.head.headerFields.filter { $0.name.rawName.hasPrefix(prefix) }
            .map { "\($0.name.rawName.dropFirst(prefix.count)): \($0.value)" }
    }
}
