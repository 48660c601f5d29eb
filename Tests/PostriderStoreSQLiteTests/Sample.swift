import PostriderCore
import QStashWire

/// A message with little in it.
func sampleMessage(_ key: Int64, settings: MessageSettings = MessageSettings(), bytes: Int = 10) throws -> Message {
    Message(
        key: MessageKey(rawValue: key),
        account: .standard,
        destination: try DestinationURL(parsing: "https://example.com/hook"),
        createdAt: Timestamp(milliseconds: 1_000),
        notBefore: Timestamp(milliseconds: 1_000),
        settings: settings,
        body: .bytes([UInt8](repeating: 7, count: bytes))
    )
}
