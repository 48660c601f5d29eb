package import FoundationEssentials
import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Receives deliveries on a local port for as long as it is asked to.
///
/// What comes in is bounded in size, time and number of connections; whoever handles a delivery gets it whole.
package struct DeliveryListener: Sendable {
    /// The bounds.
    package struct Limits: Sendable, Hashable {
        /// The largest body that is kept, in bytes: as much as a message may have.
        package var bodyBytesMax = 10 * 1_048_576
        /// All headers of a request, in bytes.
        package var headerBytesMax = 65_536
        /// Connections at once; more wait in the system's queue.
        package var connectionsMax = 64
        /// How long a connection may be without a request.
        package var idle = Duration.seconds(30)
        /// How long a request may take to come in whole.
        package var request = Duration.seconds(30)
        /// How long an answer may take to be fetched.
        package var answer = Duration.seconds(30)
        /// How long a stop waits for requests under way.
        package var drain = Duration.seconds(5)

        /// The defaults.
        package init() {}
    }

    /// Says what a delivery is answered; may take its time.
    package typealias Handler = @Sendable (ReceivedDelivery) async -> DeliveryAnswer

    private let host: String
    private let port: Int
    private let limits: Limits
    private let now: @Sendable () -> Date
    private let handler: Handler

    /// A listener that does not listen yet.
    ///
    /// - Parameters:
    ///   - port: 0 takes a free one.
    ///   - now: The wall clock.
    package init(
        host: String = "127.0.0.1",
        port: Int = 0,
        limits: Limits = Limits(),
        now: @escaping @Sendable () -> Date,
        handler: @escaping Handler
    ) {
        self.host = host
        self.port = port
        self.limits = limits
        self.now = now
        self.handler = handler
    }

    /// Listens while the work runs, which gets the port; requests under way when it ends are still answered.
    ///
    /// - Throws: What the work throws, or ``CommandFailure`` when the port cannot be had.
    package func listening<Value: Sendable>(_ work: (Int) async throws -> Value) async throws -> Value {
        let (ports, portFound) = AsyncStream.makeStream(of: Int.self)
        let server = Server(
            childChannelSetup: channel,
            configuration: ServerConfiguration(
                address: .hostname(host, port: port),
                backlog: 128,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connectionsMax, logger: Self.silence)
            ),
            onServerRunning: { portFound.yield($0.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: Self.silence
        )
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                defer { portFound.finish() }
                try await server.run()
            }
            guard let port = await ports.first(where: { _ in true }) else {
                try await Self.explaining(host: host, port: self.port) { try await group.waitForAll() }
                throw CancellationError()
            }
            let result: Result<Value, any Error>
            do {
                result = .success(try await work(port))
            } catch {
                result = .failure(error)
            }
            // Whatever the work came to is what counts; a server that stops badly has stopped as well.
            try? await server.shutdownGracefully()
            try? await group.waitForAll()
            return try result.get()
        }
    }

    private var channel: HTTP1Channel {
        let limits = limits
        return HTTP1Channel(
            responder: { [self] request, writer, _ in
                let answer = try await answer(to: request)
                var head = HTTPResponse(
                    status: HTTPResponse.Status(code: answer.status),
                    headerFields: answer.fields
                )
                let isBodyless = answer.status == 204 || answer.status == 304
                if !isBodyless { head.headerFields[.contentLength] = String(answer.body.count) }
                let isBare = answer.body.isEmpty || isBodyless || request.method == .head
                try await writer.write(
                    response: head,
                    body: isBare ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body))
                )
            },
            configuration: .init(
                additionalChannelHandlers: [ListenerConnectionGuard(limits: limits)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: limits.headerBytesMax,
                    maxHeaderListSize: limits.headerBytesMax
                )
            )
        )
    }

    private func answer(to request: Request) async throws -> DeliveryAnswer {
        let body = try await body(of: request)
        return await handler(
            ReceivedDelivery(
                receivedAt: now(),
                method: request.method,
                target: request.head.path ?? "/",
                fields: request.headers,
                body: body
            )
        )
    }

    /// The whole body; nil when it is larger than is taken.
    private func body(of request: Request) async throws -> [UInt8]? {
        let announced = request.headers[.contentLength].flatMap { Int($0) }
        if let announced, announced > limits.bodyBytesMax { return nil }
        var bytes: [UInt8] = []
        for try await chunk in request.body {
            guard bytes.count + chunk.readableBytes <= limits.bodyBytesMax else { return nil }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        // A connection that broke off must never pass for the end of the body.
        if let announced, announced != bytes.count { throw ChannelError.inputClosed }
        return bytes
    }

    private static func explaining(host: String, port: Int, _ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let error as IOError where error.errnoCode == EADDRINUSE {
            throw CommandFailure(
                .configuration,
                code: "port_in_use",
                "port \(port) on \(host) is in use",
                advice: "stop what listens there, or choose another with --port; 0 takes a free one"
            )
        } catch let error as IOError {
            throw unusable(host: host, port: port, String(cString: strerror(error.errnoCode)))
        } catch is SocketAddressError.UnknownHost {
            throw unusable(host: host, port: port, "there is no such host or address")
        }
    }

    private static func unusable(host: String, port: Int, _ reason: String) -> CommandFailure {
        CommandFailure(
            .configuration,
            code: "address_unusable",
            "cannot listen on \(host) port \(port): \(reason)",
            advice: "choose an address of this machine with --host, and a port that you may use with --port"
        )
    }

    /// The server's own remarks are for developers of servers; what matters here is told by the commands.
    private static let silence = Logger(label: "listener") { _ in SwiftLogNoOpLogHandler() }
}
