/// The bounds of a hook (application reference, 4.2).
struct WebhookLimits: Sendable, Hashable {
    /// 100 requests a minute from one address.
    static let standardRate = RateLimit(requests: 100, per: .seconds(60))

    /// How long the rate limit's store may take; without its answer no request passes.
    static let rateLimitTimeout: Duration = .seconds(2)

    /// The longest body, in bytes.
    let bodyBytesMax: Int

    /// How long an event is reserved.
    let reservationTTL: Duration

    /// How long an event is remembered once it has been handled; nil leaves it at ``reservationTTL``, counted from when it came.
    let doneTTL: Duration?

    /// The hook's own rate limit; nil for the one that all hooks share.
    let rateLimit: RateLimit?

    init(bodyBytesMax: Int, reservationTTL: Duration, doneTTL: Duration?, rateLimit: RateLimit?) {
        precondition(bodyBytesMax > 0, "a hook that reads \(bodyBytesMax) bytes reads nothing")
        precondition(reservationTTL >= .milliseconds(1), "a reservation of \(reservationTTL) reserves nothing")
        precondition(doneTTL.map { $0 >= reservationTTL } ?? true, "an event must be remembered while it is reserved")
        self.bodyBytesMax = bodyBytesMax
        self.reservationTTL = reservationTTL
        self.doneTTL = doneTTL
        self.rateLimit = rateLimit
    }
}
