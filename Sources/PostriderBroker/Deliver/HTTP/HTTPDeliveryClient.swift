package import NIOCore
import NIOPosix
package import NIOSSL
package import PostriderAddressGuard
package import PostriderCore
package import QStashWire
import Synchronization

/// Delivers messages over HTTP/1.1, with a pool of connections for each origin and the guard on the address dialled.
///
/// One deadline holds over resolving, connecting, TLS, the request and the answer to its last byte. Redirects are not
/// followed, a request is never sent twice, and of an answer only so much is kept as is asked for. How many exchanges run
/// at a time is the caller's to bound.
package final class HTTPDeliveryClient: DeliveryTransport {
    /// One event loop with its connections.
    private final class Shard: Sendable {
        let eventLoop: any EventLoop
        let pool: NIOLoopBoundBox<ConnectionPool>
        /// Exchanges under way or on their way here.
        let load = Atomic<Int>(0)

        init(eventLoop: any EventLoop, pool: NIOLoopBoundBox<ConnectionPool>) {
            self.eventLoop = eventLoop
            self.pool = pool
        }

        /// Runs the body on the event loop: at once when this is its thread, soon otherwise.
        func run(_ body: @escaping @Sendable (ConnectionPool) -> Void) {
            if eventLoop.inEventLoop {
                body(pool.value)
            } else {
                eventLoop.execute { body(self.pool.value) }
            }
        }
    }

    /// How much busier than another an origin's own event loop may be before exchanges go to the other.
    private static let loadSlack = 8

    private let shards: [Shard]
    private let policy: @Sendable (DestinationURL) -> AddressPolicy
    private let spill = Atomic<Int>(0)

    /// Why `https` destinations cannot be reached, nil when they can; most often no trusted roots are installed.
    package let tlsProblem: String?

    /// Makes a client on event loops that must outlive it.
    ///
    /// - Parameters:
    ///   - policy: Asked for each exchange; the answer may differ from URL to URL, also within one origin.
    ///   - tls: By default the system's trusted roots.
    package init(
        eventLoopGroup: any EventLoopGroup,
        resolver: HostResolver,
        tls: TLSConfiguration = .makeClientConfiguration(),
        configuration: Configuration = Configuration(),
        policy: @escaping @Sendable (DestinationURL) -> AddressPolicy
    ) {
        let tls = DeliveryTLS(tls)
        self.tlsProblem = tls.problem
        let eventLoops = Array(eventLoopGroup.makeIterator())
        var share = configuration
        share.connectionsIdlePerOriginMax = Self.share(of: configuration.connectionsIdlePerOriginMax, eventLoops.count)
        share.connectionsIdleMax = Self.share(of: configuration.connectionsIdleMax, eventLoops.count)
        self.policy = policy
        self.shards = eventLoops.map { eventLoop in
            let pool = ConnectionPool(eventLoop: eventLoop, resolver: resolver, tls: tls, configuration: share)
            return Shard(
                eventLoop: eventLoop,
                pool: NIOLoopBoundBox.makeBoxSendingValue(pool, eventLoop: eventLoop)
            )
        }
    }

    package func send(_ request: DeliveryRequest) async -> AttemptOutcome {
        let origin = request.url.origin
        let shard = shard(for: origin)
        let order: DeliveryOrder
        do {
            order = DeliveryOrder(
                url: request.url,
                origin: origin,
                request: try RequestBytes(
                    method: request.method,
                    requestTarget: request.url.requestTarget,
                    hostHeader: request.url.hostHeader,
                    headers: request.headers,
                    body: request.body
                ),
                responseBodyBytesMax: max(0, request.responseBodyBytesMax),
                policy: policy(request.url),
                // A day is beyond every setting, and keeps the sum from overflowing.
                deadline: shard.eventLoop.now + .milliseconds(max(0, min(request.timeoutMilliseconds, 86_400_000)))
            )
        } catch {
            return .failed(AttemptFailure(code: .protocolError, detail: error.detail))
        }

        shard.load.add(1, ordering: .relaxed)
        defer { shard.load.subtract(1, ordering: .relaxed) }
        let ticket = NIOLoopBoundBox.makeBoxSendingValue(DeliveryTicket.ordered, eventLoop: shard.eventLoop)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                shard.run { pool in
                    let exchange = DeliveryExchange(order, continuation: continuation)
                    if case .withdrawn = ticket.value {
                        return exchange.finish(.failed(.abandoned))
                    }
                    ticket.value = .underWay(exchange)
                    pool.carry(exchange)
                }
            }
        } onCancel: {
            shard.run { _ in
                if case .underWay(let exchange) = ticket.value {
                    exchange.abandon()
                }
                ticket.value = .withdrawn
            }
        }
    }

    /// Closes unused connections and refuses further exchanges as abandoned; those under way end as they would.
    package func shutdown() async {
        for shard in shards {
            let promise = shard.eventLoop.makePromise(of: Void.self)
            shard.run { pool in
                EventLoopFuture.andAllComplete(pool.shutDown(), on: pool.eventLoop).cascade(to: promise)
            }
            // Only a lost event loop fails this, and then there is nothing left to close.
            try? await promise.futureResult.get()
        }
    }

    /// Chooses the event loop: the calling one, or else the origin's own, so that its connections are found again.
    ///
    /// An origin that is busier than others spills over to the other event loops.
    private func shard(for origin: String) -> Shard {
        guard shards.count > 1 else { return shards[0] }
        if let current = MultiThreadedEventLoopGroup.currentEventLoop,
            let shard = shards.first(where: { $0.eventLoop === current })
        {
            return shard
        }
        // FNV-1a: the same in every process, unlike Swift's hashing.
        let hash = origin.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        let home = Int(hash % UInt64(shards.count))
        let distance = 1 + spill.wrappingAdd(1, ordering: .relaxed).oldValue.magnitude % UInt(shards.count - 1)
        let other = (home + Int(distance)) % shards.count
        let isHomeBusy =
            shards[home].load.load(ordering: .relaxed) > shards[other].load.load(ordering: .relaxed) + Self.loadSlack
        return shards[isHomeBusy ? other : home]
    }

    private static func share(of count: Int, _ loopCount: Int) -> Int {
        (count + loopCount - 1) / loopCount
    }
}
