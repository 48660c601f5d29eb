package import QStash

/// The messages that were given up.
package enum DeadLetterTour {
    /// A line for each, from the oldest.
    package static func list(_ client: QStashClient) async throws -> [String] {
        var lines: [String] = []
        for try await letter in client.dlq.all() {
            let reason = letter.responseStatus.map { "status \($0)" } ?? letter.error ?? "no answer"
            lines.append("\(letter.message.url): \(reason)")
        }
        return lines
    }

    /// An entry, published anew as it was.
    package static func retry(_ client: QStashClient, _ id: DeadLetterID) async throws -> PublishReceipt {
        let receipt = try await client.dlq.retry(id)
        return receipt
    }

    /// An entry, published anew with other options.
    package static func retryOverriding(_ client: QStashClient, _ id: DeadLetterID) async throws -> PublishReceipt {
        let receipt = try await client.dlq.retry(
            id,
            overriding: PublishOptions(delay: .seconds(600), retries: 0)
        )
        return receipt
    }

    /// Every entry of one status, published anew.
    package static func retryMatching(_ client: QStashClient) async throws -> Int {
        let filter = DeadLetterFilter(responseStatuses: [503])
        var count = 0
        var next: Cursor?
        repeat {
            let result = try await client.dlq.retry(matching: filter, after: next)
            count += result.count
            next = result.next
        } while next != nil
        return count
    }

    /// All entries there are now, published anew in steps of a hundred.
    package static func retryAll(_ client: QStashClient) async throws -> [PublishReceipt] {
        var receipts: [PublishReceipt] = []
        var next: Cursor?
        repeat {
            let result = try await client.dlq.retryAll(after: next)
            receipts += result.receipts
            next = result.next
        } while next != nil
        return receipts
    }

    /// An entry that is looked at and then deleted.
    package static func delete(_ client: QStashClient, _ id: DeadLetterID) async throws -> [UInt8] {
        let letter = try await client.dlq.get(id)
        try await client.dlq.delete(id)
        return letter.message.body
    }

    /// Entries that are deleted by their ids, by what they are, or all.
    package static func deleteMany(_ client: QStashClient, _ ids: [DeadLetterID]) async throws -> [Int] {
        let byID = try await client.dlq.delete(ids)
        let byLabel = try await client.dlq.delete(matching: DeadLetterFilter(labels: ["test"]))
        let rest = try await client.dlq.deleteAll()
        return [byID, byLabel.count, rest.count]
    }
}
