#if Postgres
package import Logging
import ServiceLifecycle
import Synchronization

/// Hears what is notified on channels, over a connection of its own.
///
/// Notifications are hints: one can be missed while the connection is away, which ``Event/mayHaveMissed`` says.
package final class PostgresListener: Service, Sendable {
    /// What a consumer hears.
    package enum Event: Sendable, Hashable {
        case notification(PostgresNotification)
        /// From here on notifications are heard, and some before may not have been: look for yourself.
        ///
        /// Comes when listening begins, after each reconnection, and when the consumer was too slow.
        case mayHaveMissed
    }

    private struct Subscriber {
        let channel: String
        let continuation: AsyncStream<Event>.Continuation
    }

    private struct State {
        var subscribers: [UInt64: Subscriber] = [:]
        var lastID: UInt64 = 0
        /// The connection's, to let it look up when channels change.
        var signal: ConnectionSignal?
        var isFinished = false
    }

    private let configuration: PostgresConfiguration
    private let logger: Logger
    private let state = Mutex(State())

    /// - Throws: ``PostgresError`` with code `configuration_invalid` behind a pooler, which cannot listen.
    package init(_ configuration: PostgresConfiguration, logger: Logger) throws(PostgresError) {
        guard !configuration.isPooled else {
            throw PostgresError(.configurationInvalid, "LISTEN does not work behind a pooler in transaction mode")
        }
        self.configuration = configuration
        self.logger = logger
    }

    /// What is notified on a channel from now on, while ``run()`` runs; ends with it.
    ///
    /// - Parameter channel: At most 63 bytes, which is what PostgreSQL keeps of a name; longer ones end at once.
    package func events(on channel: String) -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: Event.self,
            bufferingPolicy: .bufferingNewest(configuration.limits.notificationCountMax)
        )
        guard !channel.isEmpty, channel.utf8.count <= 63, !channel.utf8.contains(0) else {
            continuation.finish()
            return stream
        }
        let id: UInt64? = state.withLock { state in
            guard !state.isFinished else { return nil }
            state.lastID += 1
            state.subscribers[state.lastID] = Subscriber(channel: channel, continuation: continuation)
            state.signal?.wake()
            return state.lastID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.subscribers[id] = nil
                state.signal?.wake()
            }
        }
        return stream
    }

    /// Listens until the graceful shutdown or a cancellation; connects again whenever the connection breaks.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.listen() }
        let subscribers = state.withLock { state in
            state.isFinished = true
            defer { state.subscribers = [:] }
            return Array(state.subscribers.values)
        }
        for subscriber in subscribers { subscriber.continuation.finish() }
    }

    private func listen() async {
        var failures = 0
        while !Task.isCancelled {
            do {
                let limits = configuration.limits
                let connection = try await PostgresConnection.open(configuration, until: .now + limits.acquireTimeout)
                failures = 0
                state.withLock { $0.signal = connection.signal }
                defer { state.withLock { $0.signal = nil } }
                try await serve(connection)
            } catch {
                if Task.isCancelled { return }
                failures += 1
                logger.debug("listener disconnected", metadata: ["reason": "\(error)"])
                let pause = PostgresPool.State.backoff(failures: failures, limits: configuration.limits)
                try? await ContinuousClock().sleep(for: pause)
            }
        }
    }

    /// Listens on one connection until it breaks.
    private func serve(_ connection: PostgresConnection) async throws {
        var heard: Set<String> = []
        // Each subscriber is told once that listening has begun, also one who came when the channel was heard already.
        var greeted: Set<UInt64> = []
        while !Task.isCancelled {
            let wanted = state.withLock { state in state.subscribers.mapValues(\.channel) }
            let channels = Set(wanted.values)
            let changes =
                channels.subtracting(heard).sorted().map { "LISTEN \(PostgresConfiguration.quoted(identifier: $0))" }
                + heard.subtracting(channels).sorted().map {
                    "UNLISTEN \(PostgresConfiguration.quoted(identifier: $0))"
                }
            if !changes.isEmpty {
                try await perform(on: connection, for: configuration.limits.connectTimeout) { operation in
                    try await connection.script(changes.joined(separator: ";"), operation)
                }
                heard = channels
            }
            for id in wanted.keys where greeted.insert(id).inserted { deliver(.mayHaveMissed, to: id) }
            greeted.formIntersection(wanted.keys)
            let begun = ContinuousClock.now
            let interval = configuration.limits.listenerCheckInterval
            let notifications = try await perform(on: connection, for: interval) { operation in
                try await connection.notifications(operation)
            }
            for notification in notifications { deliver(notification) }
            if notifications.isEmpty, begun.duration(to: .now) >= interval {
                try await perform(on: connection, for: configuration.limits.connectTimeout) { operation in
                    try await connection.script("SELECT 1", operation)
                }
            }
        }
    }

    private func perform<Value: Sendable>(
        on connection: PostgresConnection,
        for duration: Duration,
        _ work: (PostgresOperation) async throws -> Value
    ) async throws -> Value {
        let operation = PostgresOperation(deadline: .now + duration, signal: connection.signal)
        return try await withTaskCancellationHandler {
            try await work(operation)
        } onCancel: {
            operation.cancel()
        }
    }

    private func deliver(_ notification: PostgresNotification) {
        let ids = state.withLock { state in
            state.subscribers.filter { $0.value.channel == notification.channel }.map(\.key)
        }
        for id in ids { deliver(.notification(notification), to: id) }
    }

    private func deliver(_ event: Event, to id: UInt64) {
        guard let subscriber = state.withLock({ $0.subscribers[id] }) else { return }
        // Each time: what is dropped is the oldest, an earlier mark included.
        if case .dropped = subscriber.continuation.yield(event) { subscriber.continuation.yield(.mayHaveMissed) }
    }
}
#endif
