import NIOCore

/// Stands between socket or TLS and the parser: shows the connection every byte first, and writes for it.
///
/// Requests leave from here as finished bytes; the parser, which would want to see SwiftNIO's request type pass by, is told
/// of each request by the connection itself.
final class ConnectionEdge: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    // The connection owns its edge; both leave the pipeline together.
    private weak var connection: DeliveryConnection?
    private var context: ChannelHandlerContext?

    init(connection: DeliveryConnection) {
        self.connection = connection
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if connection?.receive(Self.unwrapInboundIn(data)) == true {
            context.fireChannelRead(data)
        }
    }

    /// Writes a request and flushes once.
    func send(_ request: RequestBytes) {
        guard let context else { return }
        context.write(Self.wrapOutboundOut(request.head), promise: nil)
        if let body = request.body {
            context.write(Self.wrapOutboundOut(body), promise: nil)
        }
        context.flush()
    }
}
