#if Postgres
import ServiceLifecycle
import Synchronization

extension PostgresPool {
    /// Closes unused connections in time until the graceful shutdown begins; then shuts the pool down.
    package func run() async throws {
        await cancelWhenGracefulShutdown { await self.closeUnused() }
        await shutDown()
    }

    /// Closes unused connections in time until the task is cancelled; the pool stays open.
    package func closeUnused() async {
        while !Task.isCancelled {
            closeStale()
            try? await ContinuousClock().sleep(for: min(configuration.limits.idleTimeout, .seconds(5)))
        }
    }

    /// Refuses new work, ends those who wait, and closes the connections once their work is done.
    ///
    /// What is not done within `drainTimeout` is cancelled and rolled back; what does not end even then, because its closure
    /// does not, is left to itself. May be called more than once.
    package func shutDown() async {
        let (waiters, connections) = shared.withLock { $0.state.close() }
        for waiter in waiters { waiter.resume(returning: .closed) }
        for connection in connections { await connection.close() }
        await withTaskGroup { group in
            group.addTask { await self.drained() }
            group.addTask {
                let limits = self.configuration.limits
                // Cut short when all is done, or when the task that shuts down is itself cancelled: then there is no more patience.
                try? await ContinuousClock().sleep(for: limits.drainTimeout)
                self.cancelOperations()
                try? await ContinuousClock().sleep(for: limits.cancelGrace + limits.settleTimeout)
                self.stopDraining()
            }
            await group.next()
            group.cancelAll()
        }
    }

    /// Returns when no connection is used.
    private func drained() async {
        await withCheckedContinuation { continuation in
            shared.withLock { shared in
                shared.drainers.append(continuation)
                shared.resumeDrainersIfEmpty()
            }
        }
    }

    private func stopDraining() {
        let drainers = shared.withLock { shared in
            shared.hasStoppedDraining = true
            defer { shared.drainers = [] }
            return shared.drainers
        }
        for drainer in drainers { drainer.resume() }
    }

    private func cancelOperations() {
        let operations = shared.withLock { shared in
            shared.isCancelling = true
            return Array(shared.operations.values)
        }
        for operation in operations { operation.cancel() }
    }
}
#endif
