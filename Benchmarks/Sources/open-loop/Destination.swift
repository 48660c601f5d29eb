import NIOCore
import NIOHTTP1
import NIOPosix

/// The server that messages are delivered to: notes when each arrives, and answers 200.
struct Destination {
    let ledger: Ledger

    func listen(on group: any EventLoopGroup, port: Int) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1_024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { [ledger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try channel.pipeline.syncOperations.addHandler(ArrivalHandler(ledger: ledger))
                }
            }
            .bind(host: "127.0.0.1", port: port)
            .get()
    }
}

/// Reads the number at the start of each body.
private final class ArrivalHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let okay = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])

    private let ledger: Ledger
    private var stamp: [UInt8] = []

    init(ledger: Ledger) {
        self.ledger = ledger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            stamp.removeAll(keepingCapacity: true)
        case .body(let bytes):
            stamp += bytes.readableBytesView.prefix(Ledger.stampBytes - stamp.count)
        case .end:
            if let number = Int(String(decoding: stamp, as: UTF8.self)) { ledger.arrived(number, at: .now()) }
            context.write(wrapOutboundOut(.head(Self.okay)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
