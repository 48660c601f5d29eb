/// What one call did to many entries of the dead letter queue.
public struct BulkResult: Sendable, Hashable {
    /// How many entries were deleted or retried.
    public var count: Int

    /// The new messages, of a retry; empty otherwise.
    public var receipts: [PublishReceipt]

    /// Where to go on, with the same filter, when more entries match; nil when the work is done.
    public var next: Cursor?

    /// A result with its parts.
    public init(count: Int, receipts: [PublishReceipt] = [], next: Cursor? = nil) {
        self.count = count
        self.receipts = receipts
        self.next = next
    }
}
