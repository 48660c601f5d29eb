package import QStash

/// What happens when a delivery fails.
package enum RetryTour {
    /// Six attempts, 1, 2, 4, 8 and 10 s apart, of 30 s each at most.
    package static func doubling(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(
                retries: 5,
                retryDelay: .doubling(from: .seconds(1), max: .seconds(10)),
                timeout: .seconds(30)
            )
        )
    }

    /// The same wait every time.
    package static func constant(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(retries: 10, retryDelay: .constant(.seconds(5)))
        )
    }

    /// A formula in milliseconds; `retried` is 0 at the first repetition.
    package static func formula(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(retries: 3, retryDelay: "min(pow(10, retried) * 1000, 60000)")
        )
    }

    /// A single attempt.
    package static func never(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(retries: 0)
        )
    }
}
