import PostriderBroker
import PostriderCore

/// A message's body as it is shown: the bytes, or the callback rendered from its source.
struct RenderedBody: Sendable {
    let bytes: [UInt8]

    static func of(_ message: Message, callbacks: CallbackReader) async throws(StoreError) -> RenderedBody {
        switch message.body {
        case .bytes(let bytes): RenderedBody(bytes: bytes)
        case .callback(let source):
            RenderedBody(bytes: try await callbacks.body(of: source, account: message.account))
        case .omitted: RenderedBody(bytes: [])
        }
    }
}
