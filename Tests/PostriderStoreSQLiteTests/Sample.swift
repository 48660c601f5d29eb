import PostriderCore
import QStashWire

/// A message with little in it.
func sampleMessage(_ key: Int64, createdAt: Int64 = 1_000, bytes: Int = 10) throws -> Message {
    Message(
        key: MessageKey(rawValue: key),
        account: .standard,
        destination: try DestinationURL(parsing: "https://example.com/hook"),
        createdAt: Timestamp(milliseconds: createdAt),
        notBefore: Timestamp(milliseconds: createdAt),
        settings: MessageSettings(),
        body: .bytes([UInt8](repeating: 7, count: bytes))
    )
}
