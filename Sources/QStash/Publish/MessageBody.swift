#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a message carries: any bytes, delivered unchanged, and the content type that goes with them.
public struct MessageBody: Sendable, Hashable {
    /// The bytes as they are delivered.
    public var bytes: [UInt8]

    /// The `Content-Type` of the delivery; nil to send none.
    public var contentType: String?

    /// No bytes and no content type.
    public static let empty = MessageBody(bytes: [], contentType: nil)

    private init(bytes: [UInt8], contentType: String?) {
        self.bytes = bytes
        self.contentType = contentType
    }

    /// Raw bytes.
    public static func bytes(_ bytes: some Sequence<UInt8>, contentType: String? = nil) -> MessageBody {
        MessageBody(bytes: Array(bytes), contentType: contentType)
    }

    /// Text in UTF-8.
    public static func text(_ text: String, contentType: String? = "text/plain; charset=utf-8") -> MessageBody {
        MessageBody(bytes: Array(text.utf8), contentType: contentType)
    }

    /// A value as JSON, with the content type `application/json`.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid` and option `body` when the value cannot be encoded.
    public static func json(
        _ value: some Encodable,
        encoder: JSONEncoder = JSONEncoder()
    ) throws(QStashError) -> MessageBody {
        do {
            return MessageBody(bytes: Array(try encoder.encode(value)), contentType: "application/json")
        } catch {
            throw QStashError(.optionInvalid, "the body cannot be encoded as JSON", option: "body", underlying: error)
        }
    }
}

extension MessageBody: CustomStringConvertible, CustomReflectable {
    /// Length and content type: bodies do not belong in logs.
    public var description: String { "MessageBody(\(bytes.count) bytes, \(contentType ?? "no content type"))" }

    /// The same without the bytes.
    public var customMirror: Mirror { Mirror(self, children: ["count": bytes.count]) }
}
