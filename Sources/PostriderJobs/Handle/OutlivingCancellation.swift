/// Runs a write that must be made although the request it belongs to is cancelled, and waits for it.
///
/// What a delivery holds has to be given back, or marked as done, also when the broker has hung up: else its next attempt waits for the lock to
/// run out. A store may refuse to work for a task that is cancelled, so the write then runs in a task that nobody cancels. It is bounded by
/// the store's own time limits, and waited for, so that nothing outlives the request.
func outlivingCancellation<Value: Sendable>(
    _ write: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    if !Task.isCancelled {
        do {
            return try await write()
        } catch  where Task.isCancelled {
            // Cancelled in the middle: these writes may be repeated, each is bound to the owner of its lock.
        }
    }
    return try await Task(operation: { try await write() }).value
}

/// Runs a write once, untouched by a cancellation of the request that has come before it; one that comes amid may end it.
func sparedCancellation<Value: Sendable>(
    _ write: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    guard Task.isCancelled else { return try await write() }
    return try await Task(operation: { try await write() }).value
}
