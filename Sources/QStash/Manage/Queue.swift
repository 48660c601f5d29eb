import HTTPTypes
import QStashWire

/// A queue: its messages are delivered in order, the next when the one before is done with all its repetitions and callbacks.
///
/// A value of this type names a queue and asks nothing; one that does not exist comes into being with its first message.
public struct Queue: Sendable {
    /// The queue's name.
    public let name: QueueName

    let client: QStashClient

    /// The queue as it is now.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when it does not exist.
    public func get() async throws -> Status {
        try await client.perform(APICall(.get, try path()), as: Status.self)
    }

    /// Makes the queue, or changes it: both settings are set.
    ///
    /// - Parameters:
    ///   - parallelism: How many messages are delivered at a time, at least 1; more than 1 gives up the order. ``FlowControl`` without a queue
    ///     is the better tool for that.
    ///   - isPaused: Whether messages wait; false starts a paused queue.
    /// - Throws: ``QStashError`` with code `quota_exceeded` when there are too many queues or the parallelism is too high.
    public func upsert(parallelism: Int = 1, isPaused: Bool = false) async throws {
        var json = JSONWriter(capacity: 128)
        json.beginObject()
        json.field("queueName", try name.checkedName(option: "queue"))
        json.field("parallelism", try OptionFields.limit(parallelism, option: "parallelism"))
        json.field("paused", isPaused)
        json.endObject()
        _ = try await client.perform(
            APICall(.post, "/v2/queues", fields: [.contentType: "application/json"], body: json.bytes)
        )
    }

    /// Deletes the queue; one that does not exist is no error.
    ///
    /// What becomes of waiting messages is the server's choice.
    public func delete() async throws {
        _ = try await client.perform(APICall(.delete, try path()))
    }

    /// Has messages wait from now on; what is being delivered ends.
    ///
    /// Twice is as good as once.
    public func pause() async throws {
        _ = try await client.perform(APICall(.post, "\(try path())/pause"))
    }

    /// Has messages delivered again, the oldest first.
    ///
    /// Twice is as good as once.
    public func resume() async throws {
        _ = try await client.perform(APICall(.post, "\(try path())/resume"))
    }

    /// Publishes a message to a URL through the queue; see ``QStashClient/enqueue(_:to:in:options:)``.
    @discardableResult
    public func enqueue(
        _ body: MessageBody = .empty,
        to url: String,
        options: PublishOptions = PublishOptions()
    ) async throws -> PublishReceipt {
        try await client.enqueue(body, to: url, in: name, options: options)
    }

    /// Publishes a message to every endpoint of a URL group through the queue; see ``QStashClient/enqueue(_:toGroup:in:options:)``.
    @discardableResult
    public func enqueue(
        _ body: MessageBody = .empty,
        toGroup group: URLGroupName,
        options: PublishOptions = PublishOptions()
    ) async throws -> [PublishReceipt] {
        try await client.enqueue(body, toGroup: group, in: name, options: options)
    }

    private func path() throws(QStashError) -> String { "/v2/queues/\(try name.checkedName(option: "queue"))" }
}
