import NIOCore
import NIOHTTP1

/// One connection to the server, with at most one request under way.
final class PublishHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let sender: Sender
    private var context: ChannelHandlerContext?
    private var number: Int?
    private var status: UInt = 0
    private var keepAlive = true

    init(sender: Sender) {
        self.sender = sender
    }

    func publish(_ number: Int, head: HTTPRequestHead, body: ByteBuffer) {
        guard let context else { preconditionFailure("message \(number) was given to a closed connection") }
        self.number = number
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelActive(context: ChannelHandlerContext) {
        self.context = context
        sender.opened(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        sender.closed(self, waitingFor: number)
        number = nil
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            status = head.status.code
            keepAlive = head.isKeepAlive
        case .body:
            break
        case .end:
            guard let number else { return }
            self.number = nil
            sender.answered(number, status: status, by: self, reusable: keepAlive)
            if !keepAlive { context.close(promise: nil) }
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
