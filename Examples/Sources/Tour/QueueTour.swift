package import QStash

/// Messages in order.
package enum QueueTour {
    /// Two messages, the second delivered when the first is done.
    package static func order(_ client: QStashClient) async throws {
        let invoices = client.queue("invoices")
        try await invoices.enqueue(.json(["invoice": 7]), to: "https://api.example.com/invoices")
        try await invoices.enqueue(.json(["invoice": 8]), to: "https://api.example.com/invoices")
    }

    /// The queue's parallelism, which is 1 unless it is set.
    package static func parallelism(_ client: QStashClient) async throws {
        try await client.queue("thumbnails").upsert(parallelism: 4)
    }

    /// A queue that waits while its destination is down.
    package static func pause(_ client: QStashClient) async throws -> Int {
        let invoices = client.queue("invoices")
        try await invoices.pause()
        let status = try await invoices.get()
        try await invoices.resume()
        return status.lag
    }

    /// The queues of the account, and the end of one.
    package static func list(_ client: QStashClient) async throws -> [QueueName] {
        let names = try await client.queues.list().map(\.name)
        try await client.queue("thumbnails").delete()
        return names
    }

    /// A message to every endpoint of a group, through a queue.
    package static func group(_ client: QStashClient) async throws -> [PublishReceipt] {
        let receipts = try await client.enqueue(.json(["invoice": 7]), toGroup: "order-watchers", in: "invoices")
        return receipts
    }
}
