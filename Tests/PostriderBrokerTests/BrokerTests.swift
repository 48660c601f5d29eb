import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderBroker

@Suite struct BrokerTests {
    private static let threeDays: Int64 = 3 * 86_400

    @Test func aDelayOfThreeDaysIsKeptToTheMillisecond() async throws {
        let bench = BrokerBench()
        let start = bench.clock.now
        try await bench.run { bench in
            try await bench.publish { $0.delaySeconds = Self.threeDays }
            try await bench.publish("https://two.test/") { $0.delaySeconds = Self.threeDays - 1 }
            try await bench.wait(milliseconds: Self.threeDays * 1_000 + 1)
        }
        let after = bench.arrivals.map { $0.at.milliseconds - start.milliseconds }
        #expect(after == [(Self.threeDays - 1) * 1_000, Self.threeDays * 1_000])
    }

    @Test func aMessageCanceledWhileItWaitsNeverArrives() async throws {
        let bench = BrokerBench()
        let (result, states) = try await bench.run { bench in
            let key = try await bench.publish { $0.delaySeconds = 60 }
            try await bench.wait(milliseconds: 59_999)
            let result = try await bench.broker.canceller.cancel([key], account: .standard)
            try await bench.wait(milliseconds: 3_600_000)
            return (result, try await bench.states(of: key))
        }
        #expect(result == [.removed])
        #expect(bench.arrivals.isEmpty)
        #expect(states == [.created, .cancelRequested, .canceled])
        #expect(bench.broker.scheduler.laneCount == 0)
    }

    @Test(arguments: [200, 500])
    func aMessageCanceledUnderWayEndsByItsAnswer(status: Int) async throws {
        let bench = BrokerBench { request in
            request.url.host == "callback.test" ? .status(200) : .status(status, afterMilliseconds: 10_000)
        }
        let (results, states, letters) = try await bench.run { bench in
            let key = try await bench.publish { options in
                options.callback = CallbackOptions(url: try DestinationURL(parsing: "https://callback.test/each"))
                options.failureCallback = CallbackOptions(
                    url: try DestinationURL(parsing: "https://callback.test/failed")
                )
            }
            try await bench.wait(milliseconds: 5_000)
            let first = try await bench.broker.canceller.cancel([key], account: .standard)
            let second = try await bench.broker.canceller.cancel([key], account: .standard)
            try await bench.wait(milliseconds: 3_600_000)
            return (first + second, try await bench.states(of: key), try await bench.deadLetters().count)
        }
        #expect(results == [.requested, .requested])
        #expect(letters == 0)
        // The one attempt, and the callback of that attempt; no retry and no failure callback.
        #expect(bench.arrivals.map(\.request.url.text) == ["https://one.test/hook", "https://callback.test/each"])
        let ends: [Event.State] = status == 200 ? [.delivered] : [.error, .canceled]
        #expect(states.filter { $0 != .cancelRequested } == [.created, .active] + ends)
        #expect(states.filter { $0 == .cancelRequested }.count == 1)
    }

    @Test func aDeadLetterIsPublishedAgainWithOtherSettings() async throws {
        let bench = BrokerBench { request in
            request.headers.contains { $0.isNamed("X-Mended") } ? .status(200) : .status(500)
        }
        let (old, new, left) = try await bench.run { bench in
            let key = try await bench.publish { $0.retries = 0 }
            try await bench.wait(milliseconds: 1_000)
            let letter = try await bench.deadLetters().first?.id
            let overrides = try PublishOverrides.parse(headers: [
                HeaderField(name: "Upstash-Forward-X-Mended", value: "yes"),
                HeaderField(name: "Upstash-Delay", value: "10s"),
            ])
            let desk = bench.broker.deadLetters
            let ids = letter.map { [$0] } ?? []
            let new = try await desk.retry(ids, account: .standard, overrides: overrides)
            try await bench.wait(milliseconds: 60_000)
            return (key, new.first ?? nil, try await bench.deadLetters().count)
        }
        #expect(left == 0)
        #expect(bench.arrivals.count == 2)
        #expect(new?.key != old)
        let last = try #require(bench.arrivals.last)
        #expect(last.header("Upstash-Message-Id") == new?.description)
        #expect(last.header("Upstash-Retried") == "0")
        #expect(last.at.milliseconds - bench.arrivals[0].at.milliseconds == 11_000)
        #expect(last.request.body == Array("hello".utf8))
    }

    @Test func aCallbackFollowsEachAttempt() async throws {
        let bench = BrokerBench { $0.url.host == "callback.test" ? .status(500) : .status(503) }
        try await bench.run { bench in
            try await bench.publish { options in
                options.retries = 2
                options.retryDelay = try RetryDelayExpression(parsing: "1000")
                options.callback = CallbackOptions(
                    url: try DestinationURL(parsing: "https://callback.test/"),
                    retries: 0
                )
            }
            try await bench.wait(milliseconds: 60_000)
        }
        let calls = bench.arrivals.filter { $0.request.url.host == "callback.test" }
        let bodies = calls.map { String(decoding: $0.request.body, as: UTF8.self) }
        #expect(bodies.count == 3)
        for (index, body) in bodies.enumerated() { #expect(body.contains("\"retried\":\(index),\"maxRetries\":2")) }
        // A callback that fails calls nobody, and is a dead letter of its own.
        #expect(Set(calls.compactMap { $0.header("Upstash-Message-Id") }).count == 3)
        #expect(bench.arrivals.count == 6)
    }

    @Test func anAttemptIsSignedWithTheKeyThatIsCurrentThen() async throws {
        let bench = BrokerBench { _ in .status(500) }
        let (before, after) = try await bench.run { bench in
            let before = try await bench.broker.keyring.pair(of: .standard)
            try await bench.publish { $0.retryDelay = try RetryDelayExpression(parsing: "5000") }
            try await bench.wait(milliseconds: 1_000)
            let after = try await bench.broker.keyring.rotate(.standard)
            try await bench.wait(milliseconds: 5_000)
            return (before, after)
        }
        #expect(after.current == before.next)
        #expect(bench.arrivals.count == 2)
        for (arrival, secret) in zip(bench.arrivals, [before.current, after.current]) {
            let key = try #require(SigningKey(secret))
            #expect(throws: Never.self) {
                try MessageSignature.verify(
                    token: arrival.header("Upstash-Signature") ?? "",
                    body: arrival.request.body,
                    url: arrival.request.url.text,
                    nowSeconds: arrival.at.seconds,
                    keys: [key]
                )
            }
        }
    }

    @Test func aDrainCutsWhatHangsAndTheNextLifeDeliversIt() async throws {
        var settings = Broker.Settings()
        settings.drainSeconds = 15
        let first = BrokerBench(settings: settings) { _ in .status(200, afterMilliseconds: 3_600_000) }
        let start = first.clock.now
        let isQuiet = try await first.run { bench in
            try await bench.publish { $0.timeoutSeconds = 7_200 }
            try await bench.wait(milliseconds: 1_000)
            bench.broker.dispatcher.drain()
            try await bench.publish("https://two.test/")
            try await bench.wait(milliseconds: 20_000)
            return bench.broker.scheduler.isQuiet
        }
        #expect(first.arrivals.count == 1)
        #expect(!isQuiet)
        #expect(try await first.store.pendingCount() == 2)
        let second = BrokerBench(after: first)
        try await second.run { try await $0.wait(milliseconds: 10_000) }
        #expect(second.arrivals.map { $0.header("Upstash-Retried") } == ["0", "0"])
        #expect(second.arrivals.allSatisfy { $0.at >= start.adding(milliseconds: 21_000) })
        #expect(try await second.store.pendingCount() == 0)
    }

    @Test func whileOutcomesCannotBeStoredNothingStarts() async throws {
        let failing = FaultPlan.script((1...4).map { .beforeWrite(.settle, call: $0) })
        let bench = BrokerBench(failing: failing)
        let start = bench.clock.now
        try await bench.run { bench in
            try await bench.publish()
            try await bench.wait(milliseconds: 100)
            try await bench.publish("https://two.test/")
            try await bench.wait(milliseconds: 60_000)
        }
        // Stored at the fifth try, a quarter of a second apart; delivered once all the same.
        #expect(bench.arrivals.map { $0.at.milliseconds - start.milliseconds } == [0, 1_000])
        #expect(try await bench.store.pendingCount() == 0)
    }

    @Test func anAnswerLostAfterAnOutcomeWasStoredDeliversNothingTwice() async throws {
        let bench = BrokerBench(failing: .afterWrite(.settle, call: 1))
        let states = try await bench.run { bench in
            let key = try await bench.publish()
            try await bench.wait(milliseconds: 60_000)
            return try await bench.states(of: key)
        }
        #expect(bench.arrivals.count == 1)
        #expect(states == [.created, .active, .delivered])
    }

    @Test func aPublishReportedAsFailedButStoredIsDelivered() async throws {
        let bench = BrokerBench(failing: .afterWrite(.accept, call: 1))
        try await bench.run { bench in
            await #expect(throws: StoreError.self) { try await bench.publish() }
            try await bench.wait(milliseconds: 1_000)
        }
        #expect(bench.arrivals.count == 1)
    }

    @Test func aSlowOriginWithThousandsWaitingDelaysNoOther() async throws {
        let bench = BrokerBench { request in
            request.url.host == "slow.test" ? .status(200, afterMilliseconds: 600_000) : .status(200)
        }
        try await bench.run { bench in
            let many = try (0..<1_000).map { try SimulatedPublish.request(url: "https://slow.test/\($0)") }
            for _ in 0..<3 { _ = try await bench.broker.acceptor.accept(many) }
            try await bench.wait(milliseconds: 10)
            for number in 0..<20 { try await bench.publish("https://quick.test/\(number)") }
            try await bench.wait(milliseconds: 10)
        }
        let quick = bench.arrivals.filter { $0.request.url.host == "quick.test" }
        #expect(quick.count == 20)
        #expect(Set(quick.map(\.at)).count == 1)
        #expect(bench.life.destination.openMax(origin: "https://slow.test:443") == 256)
    }

    @Test func aRetryStoredWhileTheStoreIsReadIsNotForgotten() async throws {
        // The first read takes five seconds and answers with what was stored when it began.
        let bench = BrokerBench(readMilliseconds: 5_000) { request in
            request.headers.contains { $0.isNamed("Upstash-Retried") && $0.value == "0" } ? .status(500) : .status(200)
        }
        let acceptance = Acceptance(message: try Self.message(key: 1, now: bench.clock.now))
        #expect(try await bench.store.accept([acceptance]) == [.accepted])
        try await bench.run { bench in
            // The same message as the interface hands it over once it is stored.
            try await bench.wait(milliseconds: 1_000)
            bench.broker.scheduler.add([try Self.message(key: 1, now: bench.clock.now.adding(milliseconds: -1_000))])
            try await bench.wait(milliseconds: 3_600_000)
        }
        #expect(bench.arrivals.map { $0.header("Upstash-Retried") } == ["0", "1"])
        #expect(try await bench.store.pendingCount() == 0)
    }

    private static func message(key: Int64, now: Timestamp) throws -> Message {
        Message(
            key: MessageKey(rawValue: key),
            account: .standard,
            destination: try DestinationURL(parsing: "https://one.test/"),
            createdAt: now,
            notBefore: now,
            settings: MessageSettings(),
            body: .bytes([])
        )
    }
}
