#if Postgres
import Dispatch
import Foundation
import Testing

/// A server and a pooler for one suite, which may stop and start them without disturbing others.
struct OwnServer: Sendable {
    /// The suite's server.
    @TaskLocal static var current: OwnServer?

    let directURL: String
    let pooledURL: String
    private let control: String

    /// What scripts/postgres.sh wrote.
    init(folder: String) throws {
        let text = try String(contentsOfFile: folder + "/env", encoding: .utf8)
        var values: [String: String] = [:]
        for match in text.matches(of: #/export (\w+)='([^']*)'/#) { values[String(match.1)] = String(match.2) }
        directURL = try #require(values["POSTRIDER_TEST_POSTGRES_URL"])
        pooledURL = try #require(values["POSTRIDER_TEST_PGBOUNCER_URL"])
        control = try #require(values["POSTRIDER_TEST_POSTGRES_CONTROL"])
    }

    /// `stop`, `crash`, `start` or `restart`; returns when it is done.
    func control(_ verb: String) async throws { try await Self.run(control, [verb]) }

    /// Runs a program to its end.
    ///
    /// Foundation's `Process` waits for all that its child starts too, and a server stays.
    static func run(_ path: String, _ arguments: [String]) async throws {
        let status: Int32 = await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                let words = ([path] + arguments).map { strdup($0) }
                defer { words.forEach { free($0) } }
                var child: pid_t = 0
                var status: Int32 = -1
                if posix_spawn(&child, path, nil, nil, words + [nil], environ) == 0 {
                    while waitpid(child, &status, 0) == -1, errno == EINTR {}
                }
                continuation.resume(returning: status)
            }
        }
        try #require(status == 0, "\(path) \(arguments) failed")
    }
}

/// Starts an ``OwnServer`` before a suite and removes it afterwards.
struct OwnServerTrait: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing body: @concurrent @Sendable () async throws -> Void
    ) async throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let script = root.appending(path: "scripts/postgres.sh").path
        let folder = NSTemporaryDirectory() + "postrider-tests-\(UUID().uuidString)"
        try await OwnServer.run(script, ["start", folder])
        do {
            try await OwnServer.$current.withValue(try OwnServer(folder: folder)) { try await body() }
        } catch {
            try await OwnServer.run(script, ["stop", folder])
            throw error
        }
        try await OwnServer.run(script, ["stop", folder])
    }
}

extension Trait where Self == OwnServerTrait {
    /// Gives the suite a server of its own.
    static var ownServer: Self { OwnServerTrait() }
}
#endif
