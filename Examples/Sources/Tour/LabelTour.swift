import HTTPTypes
package import QStash

/// Words by which messages are found again, and what is hidden when they are.
package enum LabelTour {
    /// A message with labels.
    package static func label(_ client: QStashClient) async throws -> PublishReceipt {
        let receipt = try await client.publish(
            .json(["invoice": 7]),
            to: "https://api.example.com/invoices",
            options: PublishOptions(labels: ["billing", "eu"])
        )
        return receipt
    }

    /// The messages of a label that were given up.
    package static func find(_ client: QStashClient) async throws -> [MessageID] {
        var failed: [MessageID] = []
        for try await event in client.events.all(matching: EventFilter(states: [.failed], labels: ["billing"])) {
            failed.append(event.messageID)
        }
        return failed
    }

    /// A body and a header that the server shows as hashes; the destination gets them as they are.
    package static func redact(_ client: QStashClient, token: String) async throws -> PublishReceipt {
        let receipt = try await client.publish(
            .json(["iban": "DE02120300000000202051"]),
            to: "https://api.example.com/payouts",
            options: PublishOptions(
                headers: [.authorization: "Bearer \(token)"],
                redaction: Redaction(body: true, headers: .named(["Authorization"]))
            )
        )
        return receipt
    }
}
