/// How the server recognises that a message was published already: within its window (10 minutes) the second is answered with
/// the id of the first, and not delivered.
///
/// A publish with a deduplication is safe to repeat, so ``RetryPolicy`` repeats it after lost answers too.
public enum Deduplication: Sendable, Hashable {
    /// By an id of the publisher's: not empty, without `:`.
    case id(String)
    /// By destination, body, content type and forwarded headers.
    case contentBased
}
