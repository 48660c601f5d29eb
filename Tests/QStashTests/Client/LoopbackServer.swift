import NIOCore
import NIOPosix
import Synchronization

/// A server on loopback that answers every request alike, and keeps what it was asked, byte for byte.
///
/// It reads and writes bytes instead of HTTP, so that nothing between the test and the socket tidies up.
final class LoopbackServer: Sendable {
    enum Reply: Sendable {
        /// The bytes of a whole answer; the connection is closed behind them.
        case whole(String)
        /// Some bytes, and then nothing more.
        case silentAfter(String)
        /// Some bytes, and then another one every 20 ms without end.
        case drippingAfter(String)
        /// The connection is closed instead of an answer.
        case close
    }

    let port: Int
    private let channel: any Channel
    private let received: Received

    /// What came in so far, one text a request.
    var requests: [String] { received.texts.withLock { $0 } }

    static func run<Result>(_ reply: Reply, _ body: (LoopbackServer) async throws -> Result) async throws -> Result {
        let received = Received()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    try child.pipeline.syncOperations.addHandler(Responder(reply: reply, received: received))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(channel: channel, received: received)
        do {
            let result = try await body(server)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    private init(channel: any Channel, received: Received) {
        self.channel = channel
        self.received = received
        port = channel.localAddress?.port ?? 0
    }

    private final class Received: Sendable {
        let texts = Mutex<[String]>([])
    }

    private final class Responder: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let reply: Reply
        private let received: Received
        private var text = ""
        private var drip: RepeatedTask?

        init(reply: Reply, received: Received) {
            self.reply = reply
            self.received = received
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text += String(buffer: unwrapInboundIn(data))
            guard let end = text.firstRange(of: "\r\n\r\n") else { return }
            let length = text[..<end.lowerBound].split(separator: "\r\n")
                .first { $0.lowercased().hasPrefix("content-length:") }
                .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
            guard text[end.upperBound...].utf8.count >= length ?? 0 else { return }
            received.texts.withLock { $0.append(text) }
            text = ""
            answer(context)
        }

        func channelInactive(context: ChannelHandlerContext) {
            drip?.cancel()
        }

        private func answer(_ context: ChannelHandlerContext) {
            let channel = context.channel
            switch reply {
            case .close: channel.close(promise: nil)
            case .silentAfter(let start): channel.writeAndFlush(ByteBuffer(string: start), promise: nil)
            case .whole(let text):
                channel.writeAndFlush(ByteBuffer(string: text)).whenComplete { _ in channel.close(promise: nil) }
            case .drippingAfter(let start):
                channel.writeAndFlush(ByteBuffer(string: start), promise: nil)
                drip = context.eventLoop.scheduleRepeatedTask(
                    initialDelay: .milliseconds(20),
                    delay: .milliseconds(20)
                ) { _ in
                    channel.writeAndFlush(ByteBuffer(string: "x"), promise: nil)
                }
            }
        }
    }
}
