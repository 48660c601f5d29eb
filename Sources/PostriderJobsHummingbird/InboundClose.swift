package import NIOCore

/// Runs an operation that is cancelled when the other end of a connection has hung up, and waits for its end.
///
/// HTTP/1 clients that wait for an answer end their side of the connection only to give up. The connection stays usable for a next request,
/// unlike with Hummingbird's own `consumeWithCancellationOnInboundClose`, which reads it to the end.
package func withCancellationOnInboundClose<Value: Sendable>(
    of channel: any Channel,
    _ operation: @escaping @Sendable () async -> Value
) async -> Value? {
    let (closed, continuation) = AsyncStream<Never>.makeStream()
    let observer = InboundCloseObserver { continuation.finish() }
    // First, so that no other handler keeps the news to itself.
    channel.pipeline.addHandler(observer, position: .first).whenFailure { _ in continuation.finish() }
    defer { channel.pipeline.removeHandler(observer, promise: nil) }
    return await withTaskGroup(of: Value?.self) { group in
        group.addTask { await operation() }
        group.addTask {
            for await _ in closed {}
            return nil
        }
        var value: Value?
        while let part = await group.next() {
            value = part ?? value
            group.cancelAll()
        }
        return value
    }
}

/// Notices when a connection's other end has stopped sending, or is gone.
private final class InboundCloseObserver: ChannelInboundHandler, RemovableChannelHandler, Sendable {
    typealias InboundIn = NIOAny

    private let onClose: @Sendable () -> Void

    init(onClose: @escaping @Sendable () -> Void) {
        self.onClose = onClose
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed { onClose() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        onClose()
        context.fireChannelInactive()
    }
}
