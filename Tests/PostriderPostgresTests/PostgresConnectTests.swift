#if Postgres
import Foundation
import Logging
import PostriderPostgres
import Testing

@Suite struct PostgresConnectTests {
    private static func pool(
        _ change: (inout URLComponents) -> Void,
        _ bounds: (inout PostgresLimits) -> Void = { _ in }
    ) throws -> PostgresPool {
        var components = try #require(URLComponents(string: try TestServer.url()))
        change(&components)
        var limits = PostgresLimits()
        bounds(&limits)
        let configuration = try PostgresConfiguration(try #require(components.string), limits: limits)
        return PostgresPool(configuration, logger: Logger(label: "test"))
    }

    @Test func aWrongPasswordIsSaidAtOnce() async throws {
        let pool = try Self.pool { $0.password = "wr0ng" }
        let error = try await failure { try await pool.query("SELECT 1") }
        #expect(error.code == .connectionFailed)
        #expect(error.sqlState == "28P01")
        #expect(!error.isRetryable)
        #expect(!error.description.contains("wr0ng"))
        #expect(pool.connectionCount == 0)
    }

    @Test func aDatabaseThatDoesNotExistIsSaidAtOnce() async throws {
        let pool = try Self.pool { $0.path = "/nowhere" }
        let error = try await failure { try await pool.query("SELECT 1") }
        #expect(error.code == .connectionFailed)
        #expect(error.sqlState == "3D000")
        #expect(error.detail.contains("nowhere"))
    }

    @Test func aClosedPortIsTriedUntilTheTimeIsOver() async throws {
        let port = try ClosedPort.find()
        let pool = try Self.pool({ $0.port = port }, { $0.acquireTimeout = .seconds(1) })
        let error = try await failure { try await pool.query("SELECT 1") }
        #expect(error.code == .connectionFailed)
        #expect(error.isRetryable)
        #expect(error.detail.contains("refused"))
        #expect(pool.usedCount == 0)
    }

    @Test func manyWhoWaitForADeadServerAllHearWhy() async throws {
        let port = try ClosedPort.find()
        let pool = try Self.pool(
            { $0.port = port },
            {
                $0.acquireTimeout = .seconds(1)
                $0.connectionCountMax = 2
            }
        )
        let codes = await withTaskGroup { group in
            for _ in 0..<20 {
                group.addTask { (try? await failure { try await pool.query("SELECT 1") })?.code }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes == Array(repeating: .connectionFailed, count: 20))
        #expect(pool.connectionCount == 0)
        #expect(pool.waiterCount == 0)
    }

    @Test func theFirstHostMayBeDead() async throws {
        let port = try ClosedPort.find()
        var components = try #require(URLComponents(string: try TestServer.url()))
        let server = "\(try #require(components.host)):\(try #require(components.port))"
        components.host = "HOSTS"
        components.port = nil
        let text = try #require(components.string).replacingOccurrences(
            of: "HOSTS",
            with: "127.0.0.1:\(port),\(server)"
        )
        var limits = PostgresLimits()
        limits.acquireTimeout = .seconds(120)
        limits.connectTimeout = .seconds(60)
        let pool = PostgresPool(try PostgresConfiguration(text, limits: limits), logger: Logger(label: "test"))
        #expect(try await pool.query("SELECT 1").count == 1)
        await pool.shutDown()
    }

    /// Takes connections and never answers them.
    @Test(arguments: [true, false])
    func aHostThatNeverAnswersIsLeftAfterItsTime(hasAnother: Bool) async throws {
        let silent = try SilentServer()
        var components = try #require(URLComponents(string: try TestServer.url()))
        let server = "\(try #require(components.host)):\(try #require(components.port))"
        components.host = "HOSTS"
        components.port = nil
        let hosts = "127.0.0.1:\(silent.port)" + (hasAnother ? ",\(server)" : "")
        let text = try #require(components.string).replacingOccurrences(of: "HOSTS", with: hosts)
        var limits = PostgresLimits()
        limits.connectTimeout = .milliseconds(150)
        limits.acquireTimeout = hasAnother ? .seconds(10) : .milliseconds(500)
        let pool = PostgresPool(try PostgresConfiguration(text, limits: limits), logger: Logger(label: "test"))
        if hasAnother {
            #expect(try await pool.query("SELECT 1").count == 1)
        } else {
            let error = try await failure { try await pool.query("SELECT 1") }
            #expect(error.code == .connectionFailed)
        }
        await pool.shutDown()
        silent.close()
    }

    @Test(arguments: CuttingProxy.Cut.allCases)
    func aCommitWithoutAnAnswerIsUncertain(cut: CuttingProxy.Cut) async throws {
        let target = try #require(URLComponents(string: try TestServer.url())?.port)
        let proxy = try CuttingProxy(to: target, cut: cut)
        let pool = try Self.pool { $0.port = proxy.port }
        try await TestServer.withPool { other in
            try await TestServer.withTable(other, "n int") { table in
                let error = try await failure {
                    try await pool.withTransaction { try $0.execute("INSERT INTO \(table) VALUES (1)") }
                }
                #expect(error.code == .commitUncertain)
                #expect(!error.isRetryable)
                let count = try await other.query(PostgresStatement("SELECT n FROM \(table)")).count
                #expect(count == (cut == .beforeTheAnswer ? 1 : 0))
            }
        }
        #expect(pool.usedCount == 0)
        #expect(try await pool.query("SELECT 1").count == 1)
        await pool.shutDown()
        proxy.close()
    }

    @Test func connectingCanBeCancelled() async throws {
        let silent = try SilentServer()
        let pool = try Self.pool { $0.port = silent.port }
        let task = Task { try await failure { try await pool.query("SELECT 1") } }
        while pool.usedCount == 0 { await Task.yield() }
        task.cancel()
        #expect(try await task.value.code == .cancelled)
        #expect(pool.connectionCount == 0)
        silent.close()
    }
}
#endif
