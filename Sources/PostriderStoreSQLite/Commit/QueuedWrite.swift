import PostriderCore

/// A write that waits for its transaction.
struct QueuedWrite: Sendable {
    /// Bytes of bodies it brings, by which transactions are bounded.
    let byteCount: Int
    /// Writes, inside a transaction, and returns the answer to be given once that is durable.
    let perform: @Sendable (Writer) throws -> @Sendable () -> Void
    /// The answer when it could not be written.
    let fail: @Sendable (StoreError) -> Void
}
