import HTTPTypes
import PostriderAPI
import PostriderCore
import PostriderSimulation
import QStash
import Synchronization
import Testing

@testable import PostriderTestKit

@Suite struct EngineTests {
    /// A body whose last byte takes its time.
    private struct WaitingReader: RequestBodyReader {
        let barrier: Barrier

        func bytes(upTo limit: Int, room: (Int) throws -> Void) async throws -> [UInt8] {
            await barrier.wait()
            return []
        }
    }

    @Test func noTimePassesWhileACallIsAnswered() async throws {
        let broker = TestBroker()
        let barrier = Barrier()
        let request = APIRequest(
            method: .post,
            target: "/v2/publish/https://a.test/x",
            fields: [.authorization: "Bearer \(broker.token)"],
            body: WaitingReader(barrier: barrier),
            peer: nil
        )
        let call = Task { await broker.engine.respondAtOnce(to: request) }
        await barrier.arrival()
        let advance = Task { try await broker.advance(by: .seconds(3_600)) }
        for _ in 0..<100 { await goElsewhere() }
        #expect(broker.elapsed == .zero)

        barrier.open()
        #expect(await call.value.status == .ok)
        try await advance.value
        #expect(broker.deliveries.map(\.elapsed) == [.zero])
        #expect(broker.elapsed == .seconds(3_600))
    }

    @Test func workWithoutEndIsGivenUp() async throws {
        let engines = Mutex<TestBrokerEngine?>(nil)
        let token = "secret"
        var configuration = TestBrokerEngine.Configuration(
            seed: 1,
            storeID: StoreID(rawValue: 1),
            tokens: [.init(account: .standard, secret: token, access: .full)]
        )
        configuration.deliveriesMax = 1_000
        let publish: @Sendable () async -> Void = {
            let request = APIRequest(
                method: .post,
                target: "/v2/publish/https://a.test/x",
                fields: [.authorization: "Bearer \(token)"],
                body: BytesReader([]),
                peer: nil
            )
            _ = await engines.withLock { $0 }?.respond(to: request)
        }
        let driver = SimulationDriver(random: SeededRandom(seed: 1))
        let engine = TestBrokerEngine(configuration, driver: driver) { _ in
            await publish()
            return .status(200)
        }
        engines.withLock { $0 = engine }
        await publish()
        let error = await #expect(throws: TestKitError.self) { try await engine.settle { $0 } }
        #expect(error?.code == .endless)
        #expect(engine.destination.arrivals.count > 1_000)
        await engine.shutDown()
        engines.withLock { $0 = nil }
    }

    @Test func whatWaitedForAMomentIsNotTakenForWorkWithoutEnd() async throws {
        var configuration = TestBrokerEngine.Configuration(
            seed: 1,
            storeID: StoreID(rawValue: 1),
            tokens: [.init(account: .standard, secret: "secret", access: .full)]
        )
        configuration.deliveriesMax = 10
        let engine = TestBrokerEngine(configuration, driver: SimulationDriver(random: SeededRandom(seed: 1))) { _ in
            .status(200)
        }
        for _ in 0..<50 {
            let request = APIRequest(
                method: .post,
                target: "/v2/publish/https://a.test/x",
                fields: [.authorization: "Bearer secret"],
                body: BytesReader([]),
                peer: nil
            )
            #expect(await engine.respond(to: request).status == .ok)
        }
        try await engine.settle { $0 }
        #expect(engine.destination.arrivals.count == 50)
        await engine.shutDown()
    }
}
