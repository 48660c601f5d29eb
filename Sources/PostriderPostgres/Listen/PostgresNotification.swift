#if Postgres
/// What `NOTIFY` sent.
package struct PostgresNotification: Sendable, Hashable {
    package let channel: String
    /// The payload; empty when there is none.
    package let payload: String

    package init(channel: String, payload: String) {
        self.channel = channel
        self.payload = payload
    }
}
#endif
