extension Event {
    /// What happened to a message: a name of the wire.
    ///
    /// A state that this version does not know keeps its name, so that a new one never breaks a listing.
    public struct State: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name, such as `DELIVERED`; of the two spellings in use `CANCELED`.
        public let rawValue: String

        /// The state of that name.
        public init(rawValue: String) {
            self.rawValue = rawValue == "CANCELLED" ? "CANCELED" : rawValue
        }

        /// Accepted and stored.
        public static let created = State(rawValue: "CREATED")
        /// A delivery is under way.
        public static let active = State(rawValue: "ACTIVE")
        /// An attempt failed, and the next is scheduled.
        public static let retry = State(rawValue: "RETRY")
        /// An attempt failed.
        public static let error = State(rawValue: "ERROR")
        /// The destination answered 200–299.
        public static let delivered = State(rawValue: "DELIVERED")
        /// Given up, and moved to the dead letter queue.
        public static let failed = State(rawValue: "FAILED")
        /// A cancel was asked for.
        public static let cancelRequested = State(rawValue: "CANCEL_REQUESTED")
        /// Cancelled.
        public static let cancelled = State(rawValue: "CANCELED")
        /// For filters alone: ``active``, ``retry`` or ``error``.
        public static let inProgress = State(rawValue: "IN_PROGRESS")

        /// Whether nothing follows: delivered, failed or cancelled.
        public var isFinal: Bool { self == .delivered || self == .failed || self == .cancelled }

        /// The name.
        public var description: String { rawValue }
    }
}
