#if Postgres
import Foundation
import Logging
import PostriderPostgres
import Testing

@Suite struct PostgresListenerTests {
    @Test func hearsWhatIsCommittedAndNothingElse() async throws {
        try await TestServer.withPool { pool in
            let channel = "Channel \"\(UUID().uuidString)\""
            try await Self.withListener { listener in
                var events = listener.events(on: channel).makeAsyncIterator()
                #expect(await events.next() == .mayHaveMissed)
                try await Self.notify(channel, "one", pool)
                _ = try? await pool.withTransaction { session in
                    try session.execute("SELECT pg_notify($1, 'never')", .text(channel))
                    throw CancellationError()
                }
                try await Self.notify("\(channel) other", "elsewhere", pool)
                try await Self.notify(channel, "žluťoučký 🐎", pool)
                try await Self.notify(channel, "", pool)
                for payload in ["one", "žluťoučký 🐎", ""] {
                    #expect(await events.next() == .notification(.init(channel: channel, payload: payload)))
                }
            }
        }
    }

    @Test func severalConsumersAndChannelsComeAndGo() async throws {
        try await TestServer.withPool { pool in
            let prefix = UUID().uuidString
            try await Self.withListener { listener in
                for round in 0..<5 {
                    var one = listener.events(on: "\(prefix) a").makeAsyncIterator()
                    var two = listener.events(on: "\(prefix) a").makeAsyncIterator()
                    var three = listener.events(on: "\(prefix) \(round)").makeAsyncIterator()
                    #expect(await one.next() == .mayHaveMissed)
                    #expect(await two.next() == .mayHaveMissed)
                    #expect(await three.next() == .mayHaveMissed)
                    try await Self.notify("\(prefix) a", "x", pool)
                    try await Self.notify("\(prefix) \(round)", "y", pool)
                    #expect(await one.next() == .notification(.init(channel: "\(prefix) a", payload: "x")))
                    #expect(await two.next() == .notification(.init(channel: "\(prefix) a", payload: "x")))
                    #expect(await three.next() == .notification(.init(channel: "\(prefix) \(round)", payload: "y")))
                }
            }
        }
    }

    @Test func aBrokenConnectionIsMadeAnewAndSaid() async throws {
        try await TestServer.withPool { pool in
            let channel = UUID().uuidString
            let name = "listener-\(channel.prefix(8))"
            try await Self.withListener(applicationName: name) { listener in
                var events = listener.events(on: channel).makeAsyncIterator()
                #expect(await events.next() == .mayHaveMissed)
                for round in 0..<3 {
                    let text =
                        "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = $1"
                    #expect(try await pool.query(PostgresStatement(text, [.text(name)])).count == 1)
                    #expect(await events.next() == .mayHaveMissed)
                    try await Self.notify(channel, "\(round)", pool)
                    #expect(await events.next() == .notification(.init(channel: channel, payload: "\(round)")))
                }
            }
        }
    }

    @Test func aSlowConsumerIsToldThatItMissedSome() async throws {
        try await TestServer.withPool { pool in
            let channel = UUID().uuidString
            try await Self.withListener({ $0.notificationCountMax = 4 }) { listener in
                let slow = listener.events(on: channel)
                var quick = listener.events(on: "\(channel) end").makeAsyncIterator()
                #expect(await quick.next() == .mayHaveMissed)
                for number in 0..<20 { try await Self.notify(channel, "\(number)", pool) }
                try await Self.notify("\(channel) end", "", pool)
                _ = await quick.next()
                var iterator = slow.makeAsyncIterator()
                var heard: [PostgresListener.Event] = []
                for _ in 0..<4 { if let event = await iterator.next() { heard.append(event) } }
                #expect(heard.count == 4)
                #expect(heard.last == .mayHaveMissed)
                #expect(heard.contains(.notification(.init(channel: channel, payload: "19"))))
            }
        }
    }

    @Test func refusesAPoolerAndAChannelWithoutAName() async throws {
        let configuration = try TestServer.configuration(.pooled)
        let error = #expect(throws: PostgresError.self) {
            try PostgresListener(configuration, logger: Logger(label: "test"))
        }
        #expect(error?.code == .configurationInvalid)
        try await Self.withListener { listener in
            for channel in ["", "a\0b", String(repeating: "x", count: 64)] {
                var events = listener.events(on: channel).makeAsyncIterator()
                #expect(await events.next() == nil)
            }
        }
    }

    @Test func theStreamsEndWithTheListener() async throws {
        let listener = try PostgresListener(try TestServer.configuration(), logger: Logger(label: "test"))
        let running = Task { try await listener.run() }
        var events = listener.events(on: "any").makeAsyncIterator()
        #expect(await events.next() == .mayHaveMissed)
        running.cancel()
        #expect(await events.next() == nil)
        try await running.value
        var late = listener.events(on: "any").makeAsyncIterator()
        #expect(await late.next() == nil)
    }

    private static func withListener(
        applicationName: String = "postrider-tests",
        _ change: (inout PostgresLimits) -> Void = { _ in },
        _ body: (PostgresListener) async throws -> Void
    ) async throws {
        let listener = try PostgresListener(
            try TestServer.configuration(applicationName: applicationName, change),
            logger: Logger(label: "test")
        )
        try await withThrowingTaskGroup { group in
            group.addTask { try await listener.run() }
            try await body(listener)
            group.cancelAll()
        }
    }

    private static func notify(_ channel: String, _ payload: String, _ pool: PostgresPool) async throws {
        try await pool.query(PostgresStatement("SELECT pg_notify($1, $2)", [.text(channel), .text(payload)]))
    }
}
#endif
