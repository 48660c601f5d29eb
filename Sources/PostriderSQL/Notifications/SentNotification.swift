/// A notification on its way.
struct SentNotification: Sendable, Hashable {
    // PostgreSQL: NAMEDATALEN - 1, and NOTIFY_PAYLOAD_MAX_LENGTH - 1.
    private static let channelBytesMax = 63
    private static let payloadBytesMax = 7_999

    let channel: String
    let payload: String

    init(channel: String, payload: String) throws {
        guard (1...Self.channelBytesMax).contains(channel.utf8.count) else {
            throw SQLError(.invalid, "a channel's name has 1 to \(Self.channelBytesMax) bytes")
        }
        guard payload.utf8.count <= Self.payloadBytesMax, !payload.utf8.contains(0) else {
            throw SQLError(.invalid, "a notification has at most \(Self.payloadBytesMax) bytes, none of them NUL")
        }
        self.channel = channel
        self.payload = payload
    }
}
