/// The order of a listing.
public enum ListOrder: String, Sendable, Hashable {
    /// The newest first.
    case latestFirst
    /// The oldest first.
    case earliestFirst
}
