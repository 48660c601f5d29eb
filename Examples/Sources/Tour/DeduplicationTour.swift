package import QStash

/// Messages that are published twice and delivered once.
package enum DeduplicationTour {
    /// By an id of one's own.
    package static func id(_ client: QStashClient) async throws -> [PublishReceipt] {
        let url = "https://api.example.com/orders"
        let options = PublishOptions(deduplication: .id("order-7-placed"))
        let first = try await client.publish(.json(["order": 7]), to: url, options: options)
        let second = try await client.publish(.json(["order": 7]), to: url, options: options)
        // second.isDeduplicated, and second.messageID == first.messageID
        return [first, second]
    }

    /// By destination, body, content type and forwarded headers.
    package static func content(_ client: QStashClient) async throws -> PublishReceipt {
        let receipt = try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(deduplication: .contentBased)
        )
        return receipt
    }
}
