import HTTPTypes
package import QStash

/// Many messages with one call.
package enum BatchTour {
    /// What became of a batch.
    package struct Outcome: Sendable {
        /// The messages that are kept.
        package var accepted: [MessageID] = []
        /// Why the others are not, by their place in the batch.
        package var refused: [Int: QStashError] = [:]
    }

    /// Items with options of their own; each succeeds or fails by itself.
    package static func items(_ client: QStashClient) async throws -> [BatchResult] {
        let results = try await client.batch([
            BatchItem(.json(["order": 7]), to: "https://api.example.com/orders"),
            BatchItem(.text("paid"), to: "https://api.example.com/audit", options: PublishOptions(delay: .seconds(60))),
            BatchItem(to: "https://api.example.com/ping", options: PublishOptions(method: .get, retries: 0)),
        ])
        return results
    }

    /// The result of each item, in order.
    package static func outcome(of results: [BatchResult]) -> Outcome {
        var outcome = Outcome()
        for (index, result) in results.enumerated() {
            switch result {
            case .accepted(let receipts): outcome.accepted += receipts.map(\.messageID)
            case .refused(let error): outcome.refused[index] = error
            }
        }
        return outcome
    }

    /// All or an error, for those who need no more.
    package static func receipts(of results: [BatchResult]) throws -> [PublishReceipt] {
        let receipts = try results.flatMap { result in try result.get() }
        return receipts
    }

    /// Items to groups and through queues.
    package static func groupsAndQueues(_ client: QStashClient) async throws -> [BatchResult] {
        let results = try await client.batch([
            BatchItem(.json(["order": 7]), toGroup: "order-watchers"),
            BatchItem(.json(["invoice": 7]), to: "https://api.example.com/invoices", in: "invoices"),
        ])
        return results
    }
}
