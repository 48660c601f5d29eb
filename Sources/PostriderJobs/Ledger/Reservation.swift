/// A claim on a business event: it happens once, whatever messages carry it.
///
/// Two states: reserved for a short while, then done for a long one (application reference, section 2.3).
public struct Reservation: Sendable, Hashable {
    /// What is claimed: `idemp:<business key>`.
    public let key: String

    /// Who claims it: for a job the message id, so that a retry of the same message takes up what its crashed delivery left behind.
    public let owner: String

    /// How long it lives unless it is completed or taken again.
    public let ttl: Duration

    /// How long it is remembered once it is completed.
    public let doneTTL: Duration

    /// A reservation.
    public init(
        key: String,
        owner: String,
        ttl: Duration = .seconds(300),
        doneTTL: Duration = .seconds(86_400)
    ) {
        self.key = key
        self.owner = owner
        self.ttl = ttl
        self.doneTTL = doneTTL
    }
}

/// What became of asking for a reservation.
public enum ReservationResult: Sendable, Hashable {
    /// It is the asker's: it was free, had run out, or was reserved by the same owner before.
    case reserved
    /// Somebody else has reserved it, or it is done, by whomever.
    case duplicate
}
