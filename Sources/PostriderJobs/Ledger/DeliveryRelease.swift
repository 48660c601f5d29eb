#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// All that is to be written when a delivery has failed, in one step: all of it or nothing.
///
/// It counts only while the lock is still its owner's: what another delivery of the message has taken over is that one's to end.
public struct DeliveryRelease: Sendable {
    /// The lock that is given back.
    public let lock: DeliveryLock

    /// The business reservation that is given back with it; nil when the job has none.
    public let reservation: Reservation?

    /// The job record that ends with the delivery; nil when there is none, or it goes on.
    public let requestID: String?

    /// How that record ends; nil when it goes on.
    public let recordChange: JobRecordChange?

    /// When the delivery ended.
    public let now: Date

    /// A release.
    public init(
        lock: DeliveryLock,
        reservation: Reservation?,
        requestID: String? = nil,
        recordChange: JobRecordChange? = nil,
        now: Date
    ) {
        self.lock = lock
        self.reservation = reservation
        self.requestID = requestID
        self.recordChange = recordChange
        self.now = now
    }
}
