import NIOCore
import NIOHTTP1
import NIOPosix

/// Publishes each message at its moment over kept connections; everything here happens on one event loop.
///
/// When every connection waits for an answer and no more may be opened, messages queue; their times still count from the
/// moment they were due.
final class Sender {
    private let options: Options
    private let ledger: Ledger
    private let loop: any EventLoop
    private let finished: EventLoopPromise<Void>
    private let head: HTTPRequestHead
    private let filler: ByteBuffer

    private var idle: [PublishHandler] = []
    private var open = 0
    private var opening = 0
    private var waiting = CircularBuffer<Int>()
    private var next = 0
    private var ended = 0
    private var begin = NIODeadline.now()

    init(options: Options, destinationPort: Int, ledger: Ledger, loop: any EventLoop, finished: EventLoopPromise<Void>)
    {
        self.options = options
        self.ledger = ledger
        self.loop = loop
        self.finished = finished
        let headers: HTTPHeaders = [
            "Host": "\(options.host):\(options.port)",
            "Authorization": "Bearer \(options.token)",
            "Content-Type": "application/octet-stream",
            "Content-Length": "\(options.bodyBytes)",
        ]
        let target = "/v2/publish/http://127.0.0.1:\(destinationPort)/"
        head = HTTPRequestHead(version: .http1_1, method: .POST, uri: target, headers: headers)
        filler = ByteBuffer(repeating: UInt8(ascii: "x"), count: options.bodyBytes - Ledger.stampBytes)
    }

    /// Opens the first connections and begins a moment later, when they stand.
    func start() {
        ledger.count(from: options.uncounted)
        for _ in 0..<options.connections { connect() }
        begin = .now() + .milliseconds(500)
        scheduleNext()
    }

    /// The moment at which a message is due, whatever happened before.
    private func due(_ number: Int) -> NIODeadline {
        begin + .nanoseconds(Int64(number) * 1_000_000_000 / Int64(options.rate))
    }

    private func scheduleNext() {
        guard next < options.count else { return }
        loop.assumeIsolated().scheduleTask(deadline: due(next)) { self.sendDue() }
    }

    /// Sends everything that is due by now: more than one message when the loop was late.
    private func sendDue() {
        let now = NIODeadline.now()
        while next < options.count, due(next) <= now {
            ledger.scheduled(next, at: due(next))
            waiting.append(next)
            next += 1
        }
        sendWaiting()
        scheduleNext()
    }

    private func sendWaiting() {
        while let number = waiting.first {
            guard let connection = idle.popLast() else {
                if opening < waiting.count, open + opening < options.connectionsMax { connect() }
                return
            }
            waiting.removeFirst()
            var body = ByteBufferAllocator().buffer(capacity: options.bodyBytes)
            let digits = "\(number)"
            body.writeString(String(repeating: "0", count: Ledger.stampBytes - digits.count) + digits)
            body.writeImmutableBuffer(filler)
            connection.publish(number, head: head, body: body)
        }
    }

    private func connect() {
        opening += 1
        let sender = NIOLoopBound(self, eventLoop: loop)
        ClientBootstrap(group: loop)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(PublishHandler(sender: sender.value))
                }
            }
            .connect(host: options.host, port: options.port)
            .assumeIsolated()
            .whenFailure { _ in
                // Tried again a little later: the messages wait meanwhile, and their times go on.
                self.opening -= 1
                self.loop.assumeIsolated().scheduleTask(in: .milliseconds(100)) { self.sendWaiting() }
            }
    }

    // MARK: - What connections report

    func opened(_ connection: PublishHandler) {
        opening -= 1
        open += 1
        idle.append(connection)
        sendWaiting()
    }

    func answered(_ number: Int, status: UInt, by connection: PublishHandler, reusable: Bool) {
        ledger.answered(number, status: status, at: .now())
        if reusable { idle.append(connection) }
        end()
    }

    /// A connection is gone; the message it was waiting for, if any, stays without an answer.
    func closed(_ connection: PublishHandler, waitingFor number: Int?) {
        open -= 1
        idle.removeAll { $0 === connection }
        guard number != nil else { return }
        ledger.broken()
        end()
    }

    private func end() {
        ended += 1
        if ended == options.count { finished.succeed() }
        sendWaiting()
    }
}
