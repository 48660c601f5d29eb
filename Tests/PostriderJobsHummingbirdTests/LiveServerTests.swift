import FoundationEssentials
import HTTPTypes
import Hummingbird
import HummingbirdCore
import HummingbirdTesting
import Logging
import NIOCore
import NIOPosix
import PostriderJobs
import PostriderJobsHummingbird
import Testing

/// The middleware on a server on loopback: bodies that stream in, events that stream out.
@Suite struct LiveServerTests {
    /// One user for everybody.
    private struct Anybody: IdentityProvider {
        func identity(of request: JobRequest) -> Identity? { Identity(userID: "ada") }
    }

    private let storage = JobStorage.inMemory()

    private func app(eventStreamsMax: Int = 10) throws -> some ApplicationProtocol {
        var routes = JobRoutes()
        routes.status()
        routes.user(.post, "/api/echo", bodyBytesMax: 100_000) { request in
            .json(["bytes": .integer(Int64(request.body.count)), "path": .string(request.head.path ?? "")])
        }
        var configuration = JobServer.Configuration(publicBaseURL: "https://app.test")
        configuration.eventStreamsMax = eventStreamsMax
        configuration.signingKeys = .fixed(current: "sig_a", next: "sig_b")
        let server = try JobServer(routes, configuration: configuration, storage: storage, identity: Anybody())
        let router = Router()
        router.add(middleware: JobsMiddleware(server))
        return Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "app") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    private func addRecord(_ requestID: String) async throws {
        let record = JobRecord(
            id: "id-\(requestID)",
            requestID: requestID,
            jobType: "resize",
            userID: "ada",
            createdAt: .init(timeIntervalSince1970: 1_800_000_000)
        )
        try await storage.records.create(record)
    }

    private func apply(_ change: JobRecordChange, to requestID: String) async throws {
        _ = try await storage.records.apply(
            change,
            to: requestID,
            now: .init(timeIntervalSince1970: 1_800_000_001)
        )
    }

    @Test(arguments: [0, 1, 99_999, 100_000])
    func aBodyComesInWhole(count: Int) async throws {
        try await app().test(.live) { client in
            let body = ByteBuffer(repeating: UInt8(ascii: "a"), count: count)
            let response = try await client.execute(uri: "/api/echo?x=%2F", method: .post, body: body)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == #"{"bytes":\#(count),"path":"/api/echo?x=%2F"}"#)
        }
    }

    @Test func aBodyThatIsTooLongIsRefused() async throws {
        try await app().test(.live) { client in
            let body = ByteBuffer(repeating: 0, count: 100_001)
            let response = try await client.execute(uri: "/api/echo", method: .post, body: body)
            #expect(response.status == .contentTooLarge)
        }
    }

    @Test func aBodyInChunksIsCounted() async throws {
        try await app().test(.live) { client in
            let port = try #require(client.port)
            let chunk = "8000\r\n" + String(repeating: "a", count: 0x8000) + "\r\n"
            let head = "POST /api/echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n"
            let fits = try await Self.exchange(port, head + chunk + "0\r\n\r\n")
            #expect(fits.contains(#""bytes":32768"#))
            let exceeds = try await Self.exchange(port, head + String(repeating: chunk, count: 4) + "0\r\n\r\n")
            #expect(exceeds.hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test func eventsGoOutAsTheyCome() async throws {
        try await addRecord("r-1")
        try await app().test(.live) { client in
            let connection = try await Connection.open(try #require(client.port))
            var reader = Reader(connection.pieces)
            try await connection.send("GET /api/jobs/r-1/events HTTP/1.1\r\nHost: a\r\n\r\n")
            let first = try await reader.read(until: #""status":"queued""#)
            #expect(first.hasPrefix("HTTP/1.1 200 "))
            #expect(first.lowercased().contains("content-type: text/event-stream"))
            try await apply(.started(attempt: 1, maxRetries: 0, messageID: nil), to: "r-1")
            _ = try await reader.read(until: #""status":"processing""#)
            try await apply(.completed(resultData: nil), to: "r-1")
            let last = try await reader.read(until: "0\r\n\r\n")
            #expect(last.contains("event: done"))
            try await connection.close()
        }
    }

    @Test(.timeLimit(.minutes(1))) func aClientThatGoesFreesItsPlace() async throws {
        try await addRecord("r-3")
        try await app(eventStreamsMax: 1).test(.live) { client in
            let port = try #require(client.port)
            let request = "GET /api/jobs/r-3/events HTTP/1.1\r\nHost: a\r\n\r\n"
            let first = try await Connection.open(port)
            try await first.send(request)
            for await piece in first.pieces where piece.contains("queued") { break }
            let refused = try await client.execute(uri: "/api/jobs/r-3/events", method: .get)
            #expect(refused.status == .serviceUnavailable)
            try await first.close()
            // Long before the next ping would find out.
            var head = ""
            while !head.hasPrefix("HTTP/1.1 200 ") {
                let next = try await Connection.open(port)
                try await next.send(request)
                head = try #require(await next.pieces.first { _ in true })
                try await next.close()
            }
            #expect(head.hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func aStopEndsEventStreams() async throws {
        try await addRecord("r-2")
        // The server stops when the body returns, and would wait for ever for a stream that goes on.
        let pieces = try await app().test(.live) { client in
            let connection = try await Connection.open(try #require(client.port))
            try await connection.send("GET /api/jobs/r-2/events HTTP/1.1\r\nHost: a\r\n\r\n")
            for await piece in connection.pieces where piece.contains("queued") { break }
            return connection.pieces
        }
        var rest = ""
        for await piece in pieces { rest += piece }
        #expect(rest.hasSuffix("0\r\n\r\n"))
        #expect(!rest.contains("event: done"))
    }

    /// A job that waits the first time until it is cancelled.
    private struct Wait: JobParameters {
        static let jobName = "wait"
        var id: String
    }

    @Test func aBrokerThatHangsUpCancelsTheHandlerAndFreesItsMessage() async throws {
        let (entries, entered) = AsyncStream<Void>.makeStream()
        let (cancellations, cancelled) = AsyncStream<Bool>.makeStream()
        var routes = JobRoutes()
        routes.job(Wait.self, options: JobOptions(businessKey: { "wait:\($0.id)" })) { _, context in
            guard context.attempt == 1 else { return .done }
            entered.yield()
            let (forever, continuation) = AsyncStream<Never>.makeStream()
            for await _ in forever {}
            continuation.finish()
            cancelled.yield(Task.isCancelled)
            try Task.checkCancellation()
            return .done
        }
        var configuration = JobServer.Configuration(publicBaseURL: "https://app.test")
        configuration.signingKeys = .fixed(current: "sig_a", next: "sig_b")
        let server = try JobServer(routes, configuration: configuration, storage: storage)
        let router = Router(context: JobsRequestContext.self)
        router.add(middleware: JobsMiddleware(server))
        let app = Application(
            router: router,
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            logger: Logger(label: "app") { _ in SwiftLogNoOpLogHandler() }
        )
        try await app.test(.live) { client in
            let port = try #require(client.port)
            let first = try await Connection.open(port)
            try await first.send(Self.delivery(retried: 0))
            for await _ in entries { break }
            try await first.close()
            var isCancelled = false
            for await seen in cancellations {
                isCancelled = seen
                break
            }
            #expect(isCancelled)
            // What the first held is given back a moment after its handler has ended, not when the lock runs out.
            let second = try await Connection.open(port)
            var reader = Reader(second.pieces)
            var answer = ""
            for _ in 0..<10_000 {
                try await second.send(Self.delivery(retried: 1))
                answer = try await reader.read(until: "}")
                guard answer.hasPrefix("HTTP/1.1 409 ") else { break }
            }
            #expect(answer.hasPrefix("HTTP/1.1 200 "))
            #expect(answer.hasSuffix(#"{"ok":true}"#))
            // One connection serves again and again.
            try await second.send(Self.delivery(retried: 1))
            #expect(try await reader.read(until: "}").hasSuffix(#"{"duplicate":true,"ok":true}"#))
            try await second.close()
        }
    }

    private static func delivery(retried: Int) -> String {
        var delivery = SignedDelivery(
            origin: "https://app.test",
            path: Wait.path,
            body: Array(#"{"id":"a"}"#.utf8),
            messageID: "msg_wait",
            signingKey: "sig_a"
        )
        delivery.retried = retried
        let head = delivery.request(issuedAt: SystemJobClock().now).head
        let fields = head.headerFields.map { "\($0.name): \($0.value)\r\n" }.joined()
        return "POST \(Wait.path) HTTP/1.1\r\nHost: a\r\n\(fields)\r\n" + #"{"id":"a"}"#
    }

    private static func exchange(_ port: Int, _ text: String) async throws -> String {
        let connection = try await Connection.open(port)
        try await connection.send(text)
        var answer = ""
        for await piece in connection.pieces { answer += piece }
        return answer
    }
}

/// A connection that says byte for byte what a test wants.
private struct Connection: Sendable {
    private let channel: any Channel
    /// What comes in, until the connection is closed.
    let pieces: AsyncStream<String>

    static func open(_ port: Int) async throws -> Connection {
        let (pieces, continuation) = AsyncStream.makeStream(of: String.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(continuation))
                }
            }
            .connect(host: "127.0.0.1", port: port).get()
        return Connection(channel: channel, pieces: pieces)
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    func close() async throws {
        // The server may have been first.
        do { try await channel.close() } catch ChannelError.alreadyClosed {}
    }

    private final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let pieces: AsyncStream<String>.Continuation

        init(_ pieces: AsyncStream<String>.Continuation) {
            self.pieces = pieces
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            pieces.yield(String(buffer: unwrapInboundIn(data)))
        }

        func channelInactive(context: ChannelHandlerContext) {
            pieces.finish()
        }
    }
}

/// Reads on until a text has come.
private struct Reader {
    private var iterator: AsyncStream<String>.AsyncIterator

    init(_ pieces: AsyncStream<String>) {
        iterator = pieces.makeAsyncIterator()
    }

    /// Everything up to and with the piece in which the text is complete.
    mutating func read(until text: String) async throws -> String {
        var received = ""
        while !received.contains(text) {
            guard let piece = await iterator.next(isolation: #isolation) else { break }
            received += piece
        }
        try #require(received.contains(text))
        return received
    }
}
