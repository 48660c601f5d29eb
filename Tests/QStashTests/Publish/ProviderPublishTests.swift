import HTTPTypes
import QStash
import Testing

/// Publishes through a provider: what is refused, and what goes with them.
@Suite struct ProviderPublishTests {
    private static let callback: Callback = "https://api.example.com/done"

    @Test func languageModelWithoutACallbackIsRefused() async throws {
        for callback in [PublishOptions(), PublishOptions(failureCallback: Self.callback)] {
            let error = try await refusal {
                try await $0.publish(.text("{}"), through: .openAI(token: "t"), options: callback)
            }
            #expect(error.code == .optionInvalid && error.option == "callback")
        }
    }

    @Test func methodIsPOSTWhetherItIsNamedOrNot() async throws {
        let answer = ScriptedTransport.Step.text(#"{"messageId":"m"}"#)
        let transport = ScriptedTransport(answer, answer)
        let client = try QStashClient.over(transport)
        for options in [PublishOptions(), PublishOptions(method: .post)] {
            try await client.publish(.text("{}"), through: .resend(token: "t"), options: options)
        }
        let name = try #require(HTTPField.Name("Upstash-Method"))
        #expect(transport.requests.map { $0.head.headerFields[name] } == ["POST", "POST"])
        let error = try await refusal {
            try await $0.publish(.text("{}"), through: .resend(token: "t"), options: PublishOptions(method: .put))
        }
        #expect(error.code == .optionInvalid && error.option == "method")
    }

    @Test func headerOfTheProviderCannotBeReplaced() async throws {
        let options = PublishOptions(headers: Sample.fields(["AUTHORIZATION": "Bearer other"]))
        let error = try await refusal {
            try await $0.publish(.text("{}"), through: .resend(token: "t"), options: options)
        }
        #expect(error.code == .optionInvalid && error.option == "headers")
    }

    /// They are meant for the program's own destinations.
    @Test func headersOfTheClientDoNotGoToAProvider() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Internal": "secret"]))
        let options = PublishOptions(headers: Sample.fields(["X-Own": "1"]))
        try await client.publish(.text("{}"), through: .resend(token: "t"), options: options)
        let fields = try #require(transport.requests.first).head.headerFields
        let names = fields.map(\.name.canonicalName).filter { $0.hasPrefix("upstash-forward-") }
        #expect(Set(names) == ["upstash-forward-x-own", "upstash-forward-authorization"])
    }

    @Test func queuesAndBatchesLeadToProvidersToo() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#), .text(#"[{"messageId":"n"}]"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Internal": "secret"]))
        let options = PublishOptions(callback: Self.callback)
        try await client.enqueue(.text("{}"), through: .openAI(token: "t"), in: "models", options: options)
        _ = try await client.batch([
            BatchItem(.text("{}"), through: .openAI(token: "t"), in: "models", options: options)
        ])
        #expect(
            transport.targets == [
                "POST /v2/enqueue/models/https://api.openai.com/v1/chat/completions", "POST /v2/batch",
            ]
        )
        let batch = String(decoding: transport.requests[1].body, as: UTF8.self)
        #expect(batch.contains("https://api.openai.com/v1/chat/completions") && batch.contains("Bearer t"))
        #expect(!batch.contains("secret"))
        #expect(throws: QStashError.self) {
            try BatchItem(.text("{}"), through: .openAI(token: "t"), options: PublishOptions())
        }
    }
}
