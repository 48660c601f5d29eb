import Foundation
import QStash
import Testing

/// Refusals of the server against the recorded exchanges (wire reference, section 3).
@Suite struct ErrorExchangeTests {
    @Test(arguments: cases)
    func callMakesTheRecordedExchange(_ exchange: ExchangeCase) async throws {
        try await exchange.play()
    }

    static let cases: [ExchangeCase] = [
        ExchangeCase("error-400") { client in
            let error = try await ExchangeCase.error {
                _ = try await client.publish(try Sample.n(), toGroup: "api.example.com")
            }
            #expect(error.code == .badRequest && error.status == 400)
            #expect(error.detail.hasPrefix("invalid destination url"))
        },
        publish("error-401", .unauthorized, 401, "unable to authenticate: invalid token"),
        publish("error-403", .forbidden, 403, "the token is read-only"),
        publish(
            "error-412",
            .quotaExceeded,
            412,
            "quota maxRetries exceeded, current limit: 5",
            options: PublishOptions(retries: 1_000)
        ),
        publish("error-413", .tooLarge, 413, "the body is too large"),
        publish("error-500", .serverFailure, 500, "<html><body>500</body></html>"),
        publish("error-503", .overloaded, 503, "the store is not available", serverCode: "store_unavailable"),
        publish(
            "error-429-daily",
            .dailyLimit,
            429,
            "the daily limit is exceeded",
            limit: QStashError.RateLimit(
                limit: 1_000,
                remaining: 0,
                resetsAt: Date(timeIntervalSince1970: 1_760_054_400)
            )
        ),
        ExchangeCase("error-404") { client in
            let error = try await ExchangeCase.error { _ = try await client.messages.get("msg_7Yx2kQ") }
            #expect(error.code == .notFound && error.serverMessage == "message not found")
        },
        ExchangeCase("error-404-empty") { client in
            let error = try await ExchangeCase.error { _ = try await client.queue("orders").get() }
            #expect(error.code == .notFound && error.detail == "the server answered 404 without a text")
        },
        ExchangeCase("error-429-burst") { client in
            let error = try await ExchangeCase.error { _ = try await client.queues.list() }
            #expect(error.code == .burstLimit)
            let reset = Date(timeIntervalSince1970: 1_760_000_001)
            #expect(error.rateLimit == QStashError.RateLimit(limit: 100, remaining: 0, resetsAt: reset))
        },
        ExchangeCase("error-429-chat") { client in
            let error = try await ExchangeCase.error {
                _ = try await client.publish(
                    .json(Sample.chat),
                    through: .openAI(token: "provider-token"),
                    options: PublishOptions(callback: "https://api.example.com/done")
                )
            }
            #expect(error.code == .chatLimit)
            #expect(error.rateLimit == QStashError.RateLimit(limit: 20, remaining: 0))
        },
        ExchangeCase("error-429-unnamed") { client in
            let error = try await ExchangeCase.error { _ = try await client.messages.cancelAll() }
            #expect(error.code == .overloaded && error.rateLimit == nil)
        },
    ]

    private static func publish(
        _ fixture: String,
        _ code: QStashError.Code,
        _ status: Int,
        _ text: String,
        serverCode: String? = nil,
        limit: QStashError.RateLimit? = nil,
        options: PublishOptions = PublishOptions()
    ) -> ExchangeCase {
        ExchangeCase(fixture) { client in
            let error = try await ExchangeCase.error {
                _ = try await client.publish(try Sample.n(), to: Sample.hook, options: options)
            }
            #expect(error.code == code && error.status == status && error.detail == text)
            #expect(error.serverMessage == text && error.serverCode == serverCode && error.rateLimit == limit)
        }
    }
}
