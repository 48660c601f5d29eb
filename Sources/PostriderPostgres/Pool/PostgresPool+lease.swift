#if Postgres
import Logging
import Synchronization

extension PostgresPool {
    /// Gets a connection for one task: an unused one, a new one, or, when all are used, the one whose turn comes.
    ///
    /// - Throws: ``PostgresError`` with code `pool_exhausted`, `pool_closed`, `connection_failed`, `cancelled` or `deadline_exceeded`.
    func acquire(until end: ContinuousClock.Instant) async throws -> Lease {
        let deadline = min(end, .now + configuration.limits.acquireTimeout)
        if Task.isCancelled { throw PostgresError.interrupted(.cancelled) }
        let request = shared.withLock { $0.state.request(now: .now) }
        let turn: Turn
        switch request {
        case .granted(.existing(let connection, let openedAt)): turn = .existing(connection, openedAt: openedAt)
        case .granted(.opening): turn = .opening
        case .refused(let error): throw error
        case .wait: turn = await waitForTurn(until: deadline)
        }
        switch turn {
        case .existing(let connection, let openedAt):
            return Lease(connection: connection, openedAt: openedAt, begunAt: nil)
        case .opening: return try await open(until: deadline)
        case .closed: throw State.closedError
        case .left:
            if Task.isCancelled { throw PostgresError.interrupted(.cancelled) }
            throw shared.withLock { $0.state.exhausted }
        }
    }

    /// Takes a connection back: for the next in line, for later, or to be closed.
    func release(_ lease: Lease) {
        let next = shared.withLock { shared in
            defer { shared.resumeDrainersIfEmpty() }
            if lease.connection.isBroken { return shared.state.remove() }
            return shared.state.put(lease.connection, openedAt: lease.openedAt, now: .now)
        }
        if let next { Self.resume(next.waiter, next.grant) }
        closeStale()
    }

    /// Closes connections that nobody has used for long.
    func closeStale() {
        // They close with their last reference, outside of the lock.
        _ = shared.withLock { $0.state.takeStale(now: .now) }
    }

    static func resume(_ waiter: Waiter, _ grant: State.Grant) {
        switch grant {
        case .existing(let connection, let openedAt):
            waiter.resume(returning: .existing(connection, openedAt: openedAt))
        case .opening: waiter.resume(returning: .opening)
        }
    }

    /// Opens a connection; tries again, ever more slowly, while the server is away and there is time.
    private func open(until deadline: ContinuousClock.Instant) async throws -> Lease {
        while true {
            do {
                if let next = shared.withLock({ $0.state.nextAttemptAt }), next > .now {
                    guard next < deadline else { throw shared.withLock { $0.state.exhausted } }
                    try await ContinuousClock().sleep(until: next)
                }
            } catch {
                giveUpOpening()
                throw error is CancellationError ? PostgresError.interrupted(.cancelled) : error
            }
            let begunAt = ContinuousClock.now
            if shared.withLock({ $0.state.isClosed }) {
                giveUpOpening()
                throw State.closedError
            }
            do {
                let connection = try await PostgresConnection.open(configuration, until: deadline)
                shared.withLock { if !configuration.isPooled { $0.state.connected() } }
                return Lease(connection: connection, openedAt: .now, begunAt: begunAt)
            } catch {
                let failure = error as? PostgresError ?? PostgresError(.connectionFailed, "no connection")
                logger.debug("connection failed", metadata: ["reason": "\(failure)"])
                if failure.code == .connectionFailed {
                    shared.withLock { $0.state.failedToConnect(failure, begunAt: begunAt, now: .now) }
                }
                guard failure.isRetryable, ContinuousClock.now < deadline else {
                    giveUpOpening()
                    guard failure.code == .deadlineExceeded else { throw failure }
                    throw shared.withLock { $0.state.lastFailure } ?? Self.unanswered
                }
            }
        }
    }

    private static var unanswered: PostgresError { PostgresError(.connectionFailed, "no server answered in time") }

    /// Hands the right to open a connection on.
    private func giveUpOpening() {
        let next = shared.withLock { shared in
            defer { shared.resumeDrainersIfEmpty() }
            return shared.state.remove()
        }
        if let next { Self.resume(next.waiter, next.grant) }
    }

    /// Waits in the line, until the deadline.
    private func waitForTurn(until deadline: ContinuousClock.Instant) async -> Turn {
        await withTaskGroup(of: Turn.self) { group in
            group.addTask { await self.standInLine() }
            group.addTask {
                try? await ContinuousClock().sleep(until: deadline)
                return .left
            }
            var result = Turn.left
            // Both are heard: a turn that comes at the very deadline is not lost.
            for await turn in group {
                if case .left = turn {} else { result = turn }
                group.cancelAll()
            }
            return result
        }
    }

    private func standInLine() async -> Turn {
        let id = shared.withLock { shared in
            shared.lastID += 1
            return shared.lastID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // Something may have become free since it was asked for.
                let turn: Turn? = shared.withLock { shared in
                    switch shared.state.request(now: .now) {
                    case .granted(.existing(let connection, let openedAt)):
                        return .existing(connection, openedAt: openedAt)
                    case .granted(.opening): return .opening
                    case .refused(let error): return error.code == .poolClosed ? .closed : .left
                    case .wait:
                        shared.state.enqueue(continuation, id: id)
                        return nil
                    }
                }
                if let turn {
                    continuation.resume(returning: turn)
                } else if Task.isCancelled {
                    // The handler below may have come before there was anything to take out.
                    leave(id)
                }
            }
        } onCancel: {
            leave(id)
        }
    }

    private func leave(_ id: UInt64) {
        shared.withLock { $0.state.leave(id: id) }?.resume(returning: .left)
    }
}

extension PostgresPool.Shared {
    /// Lets a shutdown go on once no connection is used, or nobody waits for that any longer.
    mutating func resumeDrainersIfEmpty() {
        guard state.isClosed, state.usedCount == 0 || hasStoppedDraining else { return }
        for drainer in drainers { drainer.resume() }
        drainers = []
    }
}
#endif
