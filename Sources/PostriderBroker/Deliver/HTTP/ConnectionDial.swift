import NIOCore
import NIOPosix
import NIOSSL
import PostriderAddressGuard
import PostriderCore
import QStashWire

/// Brings about one connection for one exchange: resolves, judges, connects, shakes hands; confined to its event loop.
///
/// Only addresses that the policy allows are dialled, by socket address, so that nothing resolves the name a second time.
final class ConnectionDial {
    private let pool: ConnectionPool
    private let origin: OriginConnections
    private let exchange: DeliveryExchange
    private let deadline = Deadline()
    private var plan: DialPlan
    private var connection: DeliveryConnection?
    private var attemptEnds: NIODeadline = .distantFuture
    private var isOver = false

    init(pool: ConnectionPool, origin: OriginConnections, exchange: DeliveryExchange) {
        self.pool = pool
        self.origin = origin
        self.exchange = exchange
        self.plan = DialPlan(host: exchange.url.host)
        deadline.act = { [unowned self] in self.expired() }
    }

    func start() {
        exchange.carrier = .dial(self)
        pool.setDeadline(deadline, to: exchange.deadline)
        let bound = NIOLoopBound(self, eventLoop: pool.eventLoop)
        pool.resolver.resolve(host: exchange.url.host) { resolution in
            // A literal address is answered at once and on this event loop, a name from a thread of the resolver.
            if bound.eventLoop.inEventLoop {
                bound.value.resolved(resolution)
            } else {
                bound.eventLoop.execute { bound.value.resolved(resolution) }
            }
        }
    }

    /// Stops without telling the exchange.
    func abandon() {
        guard !isOver else { return }
        end()
        connection?.abandon()
        connection = nil
    }

    /// The connection stands, TLS included.
    func opened(_ connection: DeliveryConnection) {
        guard !isOver, connection === self.connection, let channel = connection.channel else { return }
        // What counts is where the connection ends, whatever was dialled.
        guard let remote = channel.remoteAddress.flatMap({ IPAddress($0) }) else {
            return failed(
                AttemptFailure(code: .connectionFailed, detail: "the address of the destination is unknown"),
                connection: connection
            )
        }
        if case .refused(let refusal) = exchange.policy.verdict(for: remote) {
            return failed(DialPlan.forbidden(refusal, host: exchange.url.host), connection: connection)
        }
        guard exchange.url.scheme == .http || connection.hasCertificate(for: exchange.url.host) else {
            return failed(.certificateForAnotherHost, connection: connection)
        }
        self.connection = nil
        connection.open(now: pool.eventLoop.now)
        end()
        connection.begin(exchange, isReused: false)
    }

    /// An address did not lead to a connection.
    func failed(_ failure: AttemptFailure, connection: DeliveryConnection) {
        guard !isOver, connection === self.connection else { return }
        self.connection = nil
        connection.abandon()
        proceed(plan.failed(failure))
    }

    private func resolved(_ resolution: HostResolution) {
        guard !isOver else { return }
        proceed(
            plan.resolved(
                resolution,
                policy: exchange.policy,
                addressesMax: pool.configuration.addressesTriedMax
            )
        )
    }

    private func proceed(_ step: DialPlan.Step) {
        switch step {
        case .dial(let address):
            connect(to: address)
        case .fail(let failure):
            end()
            exchange.finish(.failed(failure))
        }
    }

    private func connect(to address: IPAddress) {
        let url = exchange.url
        let connection = DeliveryConnection(pool: pool, origin: origin, address: address, dial: self)
        self.connection = connection
        pool.join(origin)
        let bound = NIOLoopBound(connection, eventLoop: pool.eventLoop)
        do {
            let tls = url.scheme == .https ? try pool.tls.handler(for: url.host) : nil
            let boundTLS = NIOLoopBound(tls, eventLoop: pool.eventLoop)
            let share = pool.configuration.connectMilliseconds / Int64(plan.shareCount)
            attemptEnds = pool.eventLoop.now + .milliseconds(share)
            pool.setDeadline(deadline, to: min(attemptEnds, exchange.deadline))
            ClientBootstrap(group: pool.eventLoop)
                // Our own deadline comes first and knows the reason.
                .connectTimeout(.milliseconds(share + 1_000))
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try bound.value.install(on: channel, tls: boundTLS.value)
                    }
                }
                .connect(to: try address.socketAddress(port: url.port))
                .assumeIsolated()
                .whenComplete { result in
                    switch result {
                    case .success where tls == nil:
                        self.opened(connection)
                    case .success:
                        // The handshake has begun by itself; the connection reports its end.
                        break
                    case .failure(let error):
                        self.failed(.connecting(to: address, port: url.port, error), connection: connection)
                    }
                }
        } catch {
            // Nothing has been connected, so there is no other address to try either.
            abandon()
            exchange.finish(
                .failed(
                    AttemptFailure(code: .tlsFailed, detail: "TLS cannot be used: no trusted roots or a bad host name")
                )
            )
        }
    }

    private func expired() {
        guard !isOver else { return }
        guard pool.eventLoop.now < exchange.deadline, let connection else {
            let stage = connection == nil ? "resolving the host" : "connecting"
            abandon()
            return exchange.finish(.failed(.timedOut(while: stage)))
        }
        failed(
            AttemptFailure(code: .connectionFailed, detail: "\(connection.address.text) did not answer in time"),
            connection: connection
        )
    }

    /// Nothing that comes in later counts; the dial's place at its origin is free.
    private func end() {
        isOver = true
        pool.removeDeadline(deadline)
        pool.leave(origin)
    }
}
