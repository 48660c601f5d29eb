import NIOCore
import NIOHTTP1
import NIOSSL
import NIOTLS
import PostriderAddressGuard
import PostriderCore

/// One connection to a destination: the last handler of its pipeline, confined to its event loop.
///
/// It carries events to ``DeliveryConnectionState`` and does what that decides.
final class DeliveryConnection: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart

    let pool: ConnectionPool
    let origin: OriginConnections
    /// The address that was dialled and judged.
    let address: IPAddress
    /// When the connection is too old to be used again; set when it is opened.
    private(set) var retiresAt: NIODeadline = .distantFuture
    /// When it has been unused for too long.
    private(set) var idleUntil: NIODeadline = .distantFuture
    let deadline = Deadline()

    private(set) var channel: (any Channel)?
    private var state: DeliveryConnectionState
    private let decoder: HTTPResponseDecoder
    private var edge: ConnectionEdge?
    /// The handler of TLS, until the connection stands.
    private var tls: NIOSSLClientHandler?
    /// Whoever dials, until the connection stands.
    private var dial: ConnectionDial?
    private var exchange: DeliveryExchange?
    private var isGone = false

    // What the parser is told of a request: it needs to know whether the answer has a body, and nothing else.
    private static let headRequest = HTTPRequestHead(version: .http1_1, method: .HEAD, uri: "/")
    private static let otherRequest = HTTPRequestHead(version: .http1_1, method: .POST, uri: "/")

    init(pool: ConnectionPool, origin: OriginConnections, address: IPAddress, dial: ConnectionDial) {
        self.pool = pool
        self.origin = origin
        self.address = address
        self.dial = dial
        let configuration = pool.configuration
        self.state = DeliveryConnectionState(
            limits: DeliveryConnectionState.Limits(
                idleMilliseconds: configuration.idleMilliseconds,
                responseHeaderBytesMax: configuration.responseHeaderBytesMax,
                responseDrainBytesMax: configuration.responseDrainBytesMax
            )
        )
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = configuration.responseHeaderBytesMax
        limits.maxHeaderListSize = configuration.responseHeaderBytesMax
        self.decoder = HTTPResponseDecoder(
            leftOverBytesStrategy: .dropBytes,
            informationalResponseStrategy: .drop,
            limitConfiguration: limits
        )
        deadline.act = { [unowned self] in self.perform(self.state.expired()) }
    }

    /// Builds the pipeline; to be called on the event loop before the channel connects.
    ///
    /// - Throws: When the connection has been given up meanwhile, or the channel is closed.
    func install(on channel: any Channel, tls: NIOSSLClientHandler?) throws {
        guard !isGone else { throw ChannelError.alreadyClosed }
        let edge = ConnectionEdge(connection: self)
        self.edge = edge
        self.channel = channel
        self.tls = tls
        if let tls {
            try channel.pipeline.syncOperations.addHandler(tls)
        }
        try channel.pipeline.syncOperations.addHandlers([edge, ByteToMessageHandler(decoder), self])
    }

    /// Whether the certificate that the destination has shown is for the host.
    func hasCertificate(for host: String) -> Bool {
        pool.tls.accepts(tls?.peerCertificate, for: host)
    }

    /// The connection stands; whoever dialled has done its part.
    func open(now: NIODeadline) {
        state.opened()
        dial = nil
        tls = nil
        retiresAt = now + .milliseconds(pool.configuration.connectionMilliseconds)
    }

    /// Carries out an exchange.
    func begin(_ exchange: DeliveryExchange, isReused: Bool) {
        self.exchange = exchange
        exchange.carrier = .connection(self)
        pool.setDeadline(deadline, to: exchange.deadline)
        state.begin(
            requestBytes: exchange.request.byteCount,
            isReused: isReused,
            bodyBytesMax: exchange.responseBodyBytesMax
        )
        decoder.write(data: .head(exchange.request.isHeadRequest ? Self.headRequest : Self.otherRequest))
        edge?.send(exchange.request)
        // When the peer had gone already, the write has closed the channel by now, and `channelInactive` has dealt with it.
        if channel?.isActive == true {
            state.flushed()
        }
    }

    /// Closes an unused connection, or cuts the exchange that nobody wants any more.
    func abandon() {
        perform(state.abandoned())
    }

    /// Looks at bytes before the parser does; false when it must not see them.
    func receive(_ buffer: ByteBuffer) -> Bool {
        let action = buffer.withUnsafeReadableBytes { state.received($0) }
        if case .nothing = action { return true }
        perform(action)
        return false
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch Self.unwrapInboundIn(data) {
        case .head(let head):
            perform(state.head(status: Int(head.status.code), terms: ResponseTerms(head)))
        case .body(let buffer):
            perform(buffer.withUnsafeReadableBytes { state.body($0) })
        case .end:
            let unflushed = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
            perform(state.end(isRequestFlushed: unflushed == 0))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted = event {
            dial?.opened(self)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if case NIOSSLError.uncleanShutdown = error {
            // `channelInactive` follows and ends whatever is under way.
            state.cutOff()
            return
        }
        perform(state.broken(.exchanging(error)))
    }

    func channelInactive(context: ChannelHandlerContext) {
        perform(state.inactive())
    }

    private func perform(_ action: DeliveryConnectionState.Action) {
        switch action {
        case .nothing:
            break
        case .failOpening(let failure):
            let dial = self.dial
            close()
            dial?.failed(failure, connection: self)
        case .sendElsewhere:
            let exchange = takeExchange()
            close()
            exchange.map(pool.carry)
        case .answer(let answer, let idleMilliseconds):
            let exchange = takeExchange()
            if let idleMilliseconds {
                let now = pool.eventLoop.now
                idleUntil = min(now + .milliseconds(idleMilliseconds), retiresAt)
                pool.keep(self, now: now)
            } else {
                close()
            }
            exchange?.finish(.answered(answer))
        case .fail(let failure):
            let exchange = takeExchange()
            close()
            exchange?.finish(.failed(failure))
        case .close:
            close()
        }
    }

    private func takeExchange() -> DeliveryExchange? {
        defer { exchange = nil }
        return exchange
    }

    private func close() {
        guard !isGone else { return }
        isGone = true
        dial = nil
        pool.forget(self)
        channel?.close(promise: nil)
    }
}
