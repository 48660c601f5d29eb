import NIOCore
import PostriderAddressGuard
import PostriderCore
import QStashWire

/// The connections of one origin on one event loop.
final class OriginConnections {
    let origin: String
    /// Unused connections; the one used last is last, and is used first, so that the others can grow old and go.
    fileprivate var unused: [DeliveryConnection] = []
    /// Connections and dials that belong here.
    fileprivate var memberCount = 0

    fileprivate init(origin: String) {
        self.origin = origin
    }
}

/// All connections of one event loop, kept by origin; confined to that loop, so that nothing here needs a lock.
final class ConnectionPool {
    let eventLoop: any EventLoop
    let resolver: HostResolver
    let tls: DeliveryTLS
    /// The client's bounds, with those on unused connections already divided by the number of event loops.
    let configuration: HTTPDeliveryClient.Configuration

    private var origins: [String: OriginConnections] = [:]
    private var unusedCount = 0
    private var deadlines = DeadlineQueue()
    private var alarm: (time: NIODeadline, task: Scheduled<Void>)?
    private var isShutDown = false

    init(
        eventLoop: any EventLoop,
        resolver: HostResolver,
        tls: DeliveryTLS,
        configuration: HTTPDeliveryClient.Configuration
    ) {
        self.eventLoop = eventLoop
        self.resolver = resolver
        self.tls = tls
        self.configuration = configuration
    }

    /// Origins that have a connection or are being dialled, for tests of the bound on memory.
    var originCount: Int { origins.count }

    /// Carries an exchange out on an unused connection, or dials one for it.
    func carry(_ exchange: DeliveryExchange) {
        guard !isShutDown else { return exchange.finish(.failed(.abandoned)) }
        let origin = connections(of: exchange.origin)
        let now = eventLoop.now
        while let connection = origin.unused.last {
            guard now < connection.idleUntil else {
                // Its deadline is due in this very moment; another may still be fresh.
                connection.abandon()
                continue
            }
            // The policy can differ between the URLs of one origin, so it is asked again; a refusal is the dial's to word.
            guard case .allowed = exchange.policy.verdict(for: connection.address) else { break }
            origin.unused.removeLast()
            unusedCount -= 1
            return connection.begin(exchange, isReused: true)
        }
        origin.memberCount += 1
        ConnectionDial(pool: self, origin: origin, exchange: exchange).start()
    }

    /// Keeps a connection for the next exchange with its origin, as far as there is room.
    func keep(_ connection: DeliveryConnection, now: NIODeadline) {
        let isFull =
            connection.origin.unused.count >= configuration.connectionsIdlePerOriginMax
            || unusedCount >= configuration.connectionsIdleMax
        connection.origin.unused.append(connection)
        unusedCount += 1
        guard !isFull, !isShutDown, now < connection.idleUntil else { return connection.abandon() }
        setDeadline(connection.deadline, to: connection.idleUntil)
    }

    /// A connection is gone.
    func forget(_ connection: DeliveryConnection) {
        deadlines.remove(connection.deadline)
        // Searched from the end: a connection that is closed on being returned is the last.
        if let index = connection.origin.unused.lastIndex(where: { $0 === connection }) {
            connection.origin.unused.remove(at: index)
            unusedCount -= 1
        }
        leave(connection.origin)
    }

    /// A connection or a dial no longer belongs to its origin; an origin without any is forgotten.
    func leave(_ origin: OriginConnections) {
        origin.memberCount -= 1
        if origin.memberCount == 0 {
            origins[origin.origin] = nil
        }
    }

    /// A connection joins its origin beside the dial that made it.
    func join(_ origin: OriginConnections) {
        origin.memberCount += 1
    }

    /// Closes unused connections and refuses further exchanges; those under way end as they would.
    func shutDown() -> [EventLoopFuture<Void>] {
        isShutDown = true
        let unused = origins.values.flatMap(\.unused)
        let closed = unused.compactMap { $0.channel?.closeFuture }
        for connection in unused {
            connection.abandon()
        }
        return closed
    }

    /// Sets or moves a deadline, and the event loop's timer with it.
    func setDeadline(_ deadline: Deadline, to time: NIODeadline) {
        deadlines.set(deadline, to: time)
        if let alarm, alarm.time <= time { return }
        rearm()
    }

    func removeDeadline(_ deadline: Deadline) {
        deadlines.remove(deadline)
    }

    private func connections(of origin: String) -> OriginConnections {
        if let known = origins[origin] { return known }
        let new = OriginConnections(origin: origin)
        origins[origin] = new
        return new
    }

    private func rearm() {
        guard let next = deadlines.nextCheck else { return }
        if let alarm {
            guard next < alarm.time else { return }
            alarm.task.cancel()
        }
        let task = eventLoop.assumeIsolated().scheduleTask(deadline: next) { [weak self] () -> Void in
            self?.alarmWentOff()
        }
        alarm = (next, task)
    }

    private func alarmWentOff() {
        alarm = nil
        let now = eventLoop.now
        while let deadline = deadlines.popDue(now: now) {
            deadline.act()
        }
        rearm()
    }
}
