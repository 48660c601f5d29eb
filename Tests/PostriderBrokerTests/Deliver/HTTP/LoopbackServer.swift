import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that says byte for byte what a test tells it to, and remembers what it was sent.
final class LoopbackServer: Sendable {
    /// What to do about a request.
    enum Reply: Sendable {
        /// Sends the text, and nothing more.
        case send(String)
        /// Sends the text and closes.
        case sendAndClose(String)
        /// Sends the text, then one byte every few milliseconds for ever.
        case drip(String)
        /// Sends the text, then blocks of zeros for ever.
        case flood(String)
        /// Says nothing.
        case silence
    }

    /// A request as it arrived; connections are numbered from 0 in the order of their coming.
    struct Request: Sendable, Hashable {
        var connection: Int
        var head: String
        var body: [UInt8]
    }

    enum Event: Sendable, Hashable {
        case request(Request)
        case closed(connection: Int)
    }

    typealias Script = @Sendable (_ index: Int, _ request: Request) -> Reply

    let port: Int
    let events: AsyncStream<Event>
    private let channel: any Channel
    private let record: Record

    final class Record: Sendable {
        struct State {
            var requests: [Request] = []
            var connectionCount = 0
        }

        let state = Mutex(State())
        let events: AsyncStream<Event>.Continuation

        init(events: AsyncStream<Event>.Continuation) {
            self.events = events
        }
    }

    /// Listens on a free port.
    init(
        host: String = "127.0.0.1",
        port: Int = 0,
        greeting: String? = nil,
        tls: NIOSSLContext? = nil,
        _ script: @escaping Script
    ) async throws {
        let (events, continuation) = AsyncStream.makeStream(of: Event.self)
        let record = Record(events: continuation)
        self.events = events
        self.record = record
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        LoopbackServerHandler(record: record, greeting: greeting, script: script)
                    )
                }
            }
            .bind(host: host, port: port).get()
        self.port = channel.localAddress?.port ?? 0
    }

    var requests: [Request] { record.state.withLock { $0.requests } }

    var connectionCount: Int { record.state.withLock { $0.connectionCount } }

    /// Waits until a connection has been closed by the client.
    func awaitClose(of connection: Int) async {
        for await event in events where event == .closed(connection: connection) { return }
    }

    /// Waits for the next request.
    func awaitRequest() async {
        for await event in events {
            if case .request = event { return }
        }
    }

    func stop() async {
        try? await channel.close()
    }
}

private final class LoopbackServerHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let record: LoopbackServer.Record
    private let greeting: String?
    private let script: LoopbackServer.Script
    private var connection = -1
    private var received = ByteBuffer()
    private var isFlooding = false
    private var isClosed = false

    init(record: LoopbackServer.Record, greeting: String?, script: @escaping LoopbackServer.Script) {
        self.record = record
        self.greeting = greeting
        self.script = script
    }

    func channelActive(context: ChannelHandlerContext) {
        connection = record.state.withLock { state in
            defer { state.connectionCount += 1 }
            return state.connectionCount
        }
        if let greeting {
            send(greeting, context)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isClosed = true
        record.events.yield(.closed(connection: connection))
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        flood(context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received.writeImmutableBuffer(Self.unwrapInboundIn(data))
        while let request = nextRequest() {
            let index = record.state.withLock { state in
                state.requests.append(request)
                return state.requests.count - 1
            }
            let reply = script(index, request)
            switch reply {
            case .send(let text):
                send(text, context)
            case .sendAndClose(let text):
                send(text, context)
                context.close(promise: nil)
            case .drip(let text):
                send(text, context)
                drip(context)
            case .flood(let text):
                send(text, context)
                isFlooding = true
                flood(context)
            case .silence:
                break
            }
            record.events.yield(.request(request))
        }
    }

    private func nextRequest() -> LoopbackServer.Request? {
        let view = received.readableBytesView
        guard let end = view.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound else { return nil }
        let head = String(decoding: view[..<end], as: UTF8.self)
        var length = 0
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:") {
            length = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
        }
        let headBytes = end - view.startIndex
        guard received.readableBytes >= headBytes + length else { return nil }
        received.moveReaderIndex(forwardBy: headBytes)
        let body = received.readBytes(length: length) ?? []
        return LoopbackServer.Request(connection: connection, head: head, body: body)
    }

    private func send(_ text: String, _ context: ChannelHandlerContext) {
        context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }

    private func drip(_ context: ChannelHandlerContext) {
        guard !isClosed else { return }
        send("x", context)
        context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(5)) { () -> Void in self.drip(context) }
    }

    private func flood(_ context: ChannelHandlerContext) {
        guard isFlooding else { return }
        while !isClosed, context.channel.isWritable {
            context.writeAndFlush(Self.wrapOutboundOut(ByteBuffer(repeating: 0x30, count: 16_384)), promise: nil)
        }
    }
}
