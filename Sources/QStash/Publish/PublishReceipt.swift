/// The server's word that it keeps a message: it is stored durably and will be delivered.
public struct PublishReceipt: Sendable, Hashable {
    /// The message's id; of a duplicate, that of the message published first.
    public var messageID: MessageID

    /// The URL it goes to; nil when the server does not say.
    public var url: String?

    /// True when the message had been published before, and nothing new was stored.
    public var isDeduplicated: Bool

    /// A receipt with its parts.
    public init(messageID: MessageID, url: String? = nil, isDeduplicated: Bool = false) {
        self.messageID = messageID
        self.url = url
        self.isDeduplicated = isDeduplicated
    }
}

extension PublishReceipt: Codable {
    private enum CodingKeys: String, CodingKey {
        case messageID = "messageId"
        case url
        case isDeduplicated = "deduplicated"
    }

    /// Reads the wire's form; `deduplicated` is there only when true (wire reference, section 4.1).
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        messageID = try container.decode(MessageID.self, forKey: .messageID)
        guard !messageID.rawValue.isEmpty else {
            // Another call would take an empty id for all.
            throw DecodingError.dataCorruptedError(forKey: .messageID, in: container, debugDescription: "empty")
        }
        url = try container.decodeIfPresent(String.self, forKey: .url)
        isDeduplicated = try container.decodeIfPresent(Bool.self, forKey: .isDeduplicated) ?? false
    }
}
