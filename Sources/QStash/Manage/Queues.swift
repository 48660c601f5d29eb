import HTTPTypes

/// The queues of the account (wire reference, section 15).
public struct Queues: Sendable {
    let client: QStashClient

    /// All queues.
    public func list() async throws -> [Queue.Status] {
        try await client.perform(APICall(.get, "/v2/queues"), as: [Queue.Status].self)
    }

    /// One queue, whether it exists or not.
    public func queue(_ name: QueueName) -> Queue { Queue(name: name, client: client) }

    /// One queue, whether it exists or not.
    public subscript(name: QueueName) -> Queue { queue(name) }
}
