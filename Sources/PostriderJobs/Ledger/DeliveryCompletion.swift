#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// All that is to be written when a delivery has been handled, in one step: all of it or nothing.
///
/// The done marker counts only while the lock is still its owner's. A driver that offers transactions writes this together with what the
/// handler wrote (decision 33).
public struct DeliveryCompletion: Sendable {
    /// The lock that becomes the done marker.
    public let lock: DeliveryLock

    /// How long the done marker is kept.
    public let doneTTL: Duration

    /// The business reservation that becomes done too; nil when the job has none.
    public let reservation: Reservation?

    /// The job record that ends with the delivery; nil when there is none.
    public let requestID: String?

    /// How that record ends; nil when there is none.
    public let recordChange: JobRecordChange?

    /// When the delivery ended.
    public let now: Date

    /// A completion.
    public init(
        lock: DeliveryLock,
        doneTTL: Duration,
        reservation: Reservation?,
        requestID: String?,
        recordChange: JobRecordChange?,
        now: Date
    ) {
        self.lock = lock
        self.doneTTL = doneTTL
        self.reservation = reservation
        self.requestID = requestID
        self.recordChange = recordChange
        self.now = now
    }
}
