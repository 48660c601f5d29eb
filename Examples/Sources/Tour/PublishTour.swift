import HTTPTypes
package import QStash

/// Messages to a URL.
package enum PublishTour {
    /// A message; when the call returns, the server keeps it.
    package static func one(_ client: QStashClient) async throws -> PublishReceipt {
        let receipt = try await client.publish(
            .json(Order(id: 7, total: 12.5)),
            to: "https://api.example.com/orders"
        )
        return receipt
    }

    /// Another method, and headers for the destination.
    package static func methodAndHeaders(_ client: QStashClient, token: String) async throws {
        try await client.publish(
            .json(["state": "paid"]),
            to: "https://api.example.com/orders/7",
            options: PublishOptions(method: .put, headers: [.authorization: "Bearer \(token)", .acceptLanguage: "de"])
        )
    }

    /// Options that several messages share.
    package static func sharedOptions(_ client: QStashClient) async throws {
        var options = PublishOptions(retries: 5, labels: ["orders"])
        options.timeout = .seconds(30)
        for id in 1...3 {
            try await client.publish(.json(["order": id]), to: "https://api.example.com/orders", options: options)
        }
    }
}
