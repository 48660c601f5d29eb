/// What a listener is told.
public enum SQLNotification: Sendable, Hashable {
    /// Somebody's transaction was committed that told so.
    case payload(String)
    /// Notifications may have been lost, or listening has only begun: look at the data itself.
    case mayHaveMissed
}
