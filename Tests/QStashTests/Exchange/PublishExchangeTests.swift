import Foundation
import HTTPTypes
import QStash
import Testing

/// Publishes, enqueues and batches against the recorded exchanges (wire reference, sections 4 and 5).
@Suite struct PublishExchangeTests {
    @Test(arguments: cases)
    func callMakesTheRecordedExchange(_ exchange: ExchangeCase) async throws {
        try await exchange.play()
    }

    static let cases: [ExchangeCase] = [
        ExchangeCase("publish-empty") { client in
            let receipt = try await client.publish(to: Sample.hook)
            #expect(receipt == PublishReceipt(messageID: "msg_7Yx2kQ"))
        },
        ExchangeCase("publish-deduplicated") { client in
            let receipt = try await client.publish(
                try Sample.n(),
                to: Sample.hook,
                options: PublishOptions(deduplication: .id("order-1"))
            )
            #expect(receipt == PublishReceipt(messageID: "msg_7Yx2kQ", url: Sample.hook, isDeduplicated: true))
        },
        ExchangeCase("publish-content-based-deduplication") { client async throws in
            let options = PublishOptions(deduplication: .contentBased)
            #expect(try await !client.publish(try Sample.n(), to: Sample.hook, options: options).isDeduplicated)
        },
        ExchangeCase("publish-destination-verbatim") { client in
            let url = "https://api.example.com/a%2Fb//c/?q=x%20y&q=%C3%BC&flag"
            let receipt = try await client.publish(to: url, options: PublishOptions(method: .delete))
            #expect(receipt.url == url)
        },
        ExchangeCase("publish-every-option") { client in
            let receipt = try await client.publish(try Sample.n(), to: Sample.hook, options: Sample.options)
            #expect(receipt.messageID == "msg_7Yx2kQ")
        },
        ExchangeCase("publish-not-before") { client async throws in
            let options = PublishOptions(notBefore: Sample.to)
            #expect(try await client.publish(try Sample.n(), to: Sample.hook, options: options).url == Sample.hook)
        },
        ExchangeCase("publish-not-before-and-delay") { client async throws in
            let options = PublishOptions(delay: .seconds(90), notBefore: Sample.to)
            #expect(try await client.publish(try Sample.n(), to: Sample.hook, options: options).url == Sample.hook)
        },
        ExchangeCase("publish-url-group") { client in
            let receipts = try await client.publish(try Sample.n(), toGroup: "my-group")
            #expect(receipts.map(\.messageID) == ["msg_a1", "msg_b2"])
            #expect(receipts.map(\.isDeduplicated) == [false, true])
        },
        ExchangeCase("enqueue-every-option") { client in
            let options = Sample.queuedOptions
            let receipt = try await client.enqueue(try Sample.n(), to: Sample.hook, in: "orders", options: options)
            #expect(receipt.isDeduplicated)
        },
        ExchangeCase("enqueue-url-group") { client in
            let receipts = try await client.queue("orders").enqueue(try Sample.n(), toGroup: "my-group")
            #expect(receipts.map(\.url) == ["https://one.example.com", "https://two.example.com"])
        },
        ExchangeCase("batch-every-option") { client in
            let results = try await client.batch([
                BatchItem(try Sample.n(), to: Sample.hook, options: Sample.batchOptions)
            ])
            #expect(try results.map { try $0.get().map(\.messageID) } == [["msg_7Yx2kQ"]])
        },
        ExchangeCase("batch-queued") { client in
            let results = try await client.batch([
                BatchItem(.text("{\"n\": 1}", contentType: "application/json"), to: Sample.hook, in: "orders"),
                BatchItem(
                    .text("\"two\"", contentType: "application/json"),
                    to: Sample.hook,
                    in: "orders",
                    options: PublishOptions(method: .put, headers: Sample.fields(["X-Tenant": "7"]))
                ),
            ])
            #expect(try results.map { try $0.get().map(\.messageID) } == [["msg_1"], ["msg_2"]])
        },
        ExchangeCase("publish-openai") { client in
            try await client.publish(
                .json(Sample.chat),
                through: .openAI(token: "provider-token"),
                options: PublishOptions(callback: "https://api.example.com/done")
            )
        },
        ExchangeCase("publish-openai-helicone") { client in
            try await client.publish(
                .json(Sample.chat),
                through: .openAI(
                    token: "provider-token",
                    organization: "org-1",
                    analytics: .helicone(token: "analytics-token")
                ),
                options: PublishOptions(callback: "https://api.example.com/done")
            )
        },
        ExchangeCase("publish-anthropic") { client in
            try await client.publish(
                .json(Sample.chat),
                through: .anthropic(token: "provider-token"),
                options: PublishOptions(callback: "https://api.example.com/done")
            )
        },
        ExchangeCase("publish-custom-provider") { client in
            try await client.publish(
                .json(Sample.chat),
                through: .custom(baseURL: "https://llm.example.com/v1/chat/completions", token: "provider-token"),
                options: PublishOptions(callback: "https://api.example.com/done")
            )
        },
        ExchangeCase("publish-resend") { client in
            try await client.publish(
                .json(mail("b@example.com")),
                through: .resend(token: "provider-token"),
                options: PublishOptions()
            )
        },
        ExchangeCase("publish-resend-batch") { client in
            try await client.publish(
                .json([mail("b@example.com"), mail("c@example.com")]),
                through: .resend(token: "provider-token", isBatch: true),
                options: PublishOptions()
            )
        },
    ]

    private static func mail(_ recipient: String) -> JSONValue {
        .object([
            "from": .string("a@example.com"), "to": .array([.string(recipient)]), "subject": .string("s"),
            "text": .string("t"),
        ])
    }

    /// The request has an id that this SDK does not send, so that only the answer is played.
    @Test func refusedItemOfABatchLeavesTheOthersAccepted() async throws {
        let exchange = try RecordedExchange(named: "batch-item-errors")
        let transport = ScriptedTransport(.answer(try exchange.answer))
        let results = try await QStashClient.over(transport).batch(
            try (1...3).map { BatchItem(try Sample.n($0), to: Sample.hook) }
        )
        try #require(results.count == 3)
        #expect(try results[0].get().map(\.messageID) == ["msg_7Yx2kQ"])
        #expect(try results[2].get() == [PublishReceipt(messageID: "msg_3")])
        let refusal = try #require(throws: QStashError.self) { try results[1].get() }
        #expect(refusal.code == .badRequest)
        #expect(refusal.serverMessage == "DeduplicationId cannot contain ':'")
    }
}
