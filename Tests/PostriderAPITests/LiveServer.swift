import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import PostriderCore
import PostriderSimulation
import PostriderTestKit
import ServiceLifecycle
import Testing

@testable import PostriderAPI

/// The interface behind a real socket on loopback, and clients that say byte for byte what a test wants.
enum LiveServer {
    /// Runs a server around a test.
    ///
    /// - Parameter body: Gets a function that opens a connection, sends the text, and hands over what comes back.
    static func run<Value: Sendable>(
        mount: APIServer.Mount?,
        settings: APISettings = APISettings(),
        _ body: @escaping @Sendable (LiveClient) async throws -> Value
    ) async throws -> Value {
        var configuration = TestBrokerEngine.Configuration(seed: 3, storeID: StoreID(rawValue: 1), tokens: [])
        configuration.api = settings
        let driver = SimulationDriver(random: SeededRandom(seed: 1), clock: VirtualClock())
        let engine = TestBrokerEngine(configuration, driver: driver) { _ in .status(200) }
        defer { engine.stop() }
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let logger = Logger(label: "live") { _ in SwiftLogNoOpLogHandler() }
        let server = APIServer.plain(
            service: engine.service,
            mount: mount,
            address: .hostname("127.0.0.1", port: 0),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            onRunning: { continuation.yield($0.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        return try await withThrowingTaskGroup(of: Value?.self) { tasks in
            tasks.addTask {
                try await group.run()
                return nil
            }
            tasks.addTask {
                var iterator = ports.makeAsyncIterator()
                let port = try #require(await iterator.next())
                let result: Result<Value, any Error>
                do { result = .success(try await body(LiveClient(port: port, group: group))) } catch {
                    result = .failure(error)
                }
                await group.triggerGracefulShutdown()
                return try result.get()
            }
            var value: Value?
            while let next = try await tasks.next() { value = next ?? value }
            return try #require(value)
        }
    }
}

/// Connections to a ``LiveServer``.
struct LiveClient: Sendable {
    typealias Inbound = NIOAsyncChannelInboundStream<ByteBuffer>
    typealias Outbound = NIOAsyncChannelOutboundWriter<ByteBuffer>

    let port: Int
    let group: ServiceGroup

    /// Tells the server to stop.
    func stopServer() async { await group.triggerGracefulShutdown() }

    /// Sends a text and gives what the server says until it closes.
    func exchange(_ text: String) async throws -> String {
        try await connected { inbound, outbound in
            try await outbound.write(ByteBuffer(string: text))
            var answer = ""
            for try await chunk in inbound { answer += String(buffer: chunk) }
            return answer
        }
    }

    /// Hands over an open connection, and closes it at the end.
    func connected<Value: Sendable>(
        _ body: @Sendable (Inbound, Outbound) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in try await body(inbound, outbound) }
    }
}
