import Foundation
import ServiceLifecycle
import Testing

@testable import PostriderJobs

@Suite struct JobSweeperTests {
    private func sweeper(
        _ fixture: StatusFixture,
        isMessageHeld: @escaping @Sendable (String) async throws -> Bool
    ) -> JobSweeper {
        JobSweeper(fixture.server, isMessageHeld: isMessageHeld)
    }

    @Test func aRecordWithoutASignOfLifeFailsWhenTheBrokerHasNoMessageForIt() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started, .progressed(percent: 40, phase: nil)])
        fixture.clock.advance(by: 601)
        let asked = Collected<String>()
        await sweeper(fixture) { messageID in
            asked.add(messageID)
            return false
        }.sweep()
        let record = try #require(try await fixture.storage.records.record("request-1"))
        #expect(record.status == .failed && record.errorCode == "stalled" && record.progress == 40)
        #expect(record.completedAt == fixture.clock.now)
        #expect(asked.values == ["msg_1"])
    }

    @Test func aRecordWhoseMessageIsHeldWaitsOn() async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: [StatusFixture.started])
        fixture.clock.advance(by: 10_000)
        await sweeper(fixture) { _ in true }.sweep()
        #expect(try await fixture.storage.records.record("request-1") == before)
    }

    @Test func aRecordThatGaveASignOfLifeWithinTenMinutesIsLeftAlone() async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: [StatusFixture.started])
        fixture.clock.advance(by: 600)
        await sweeper(fixture) { _ in false }.sweep()
        #expect(try await fixture.storage.records.record("request-1") == before)
    }

    @Test func aBrokerThatDoesNotAnswerEndsNoRecord() async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: [StatusFixture.started])
        fixture.clock.advance(by: 601)
        await sweeper(fixture) { _ in throw JobsError(.publishFailed, "the broker is down") }.sweep()
        #expect(try await fixture.storage.records.record("request-1") == before)
    }

    @Test func aHandlerThatShowsUpWhileTheBrokerIsAskedGoesOn() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        fixture.clock.advance(by: 601)
        await sweeper(fixture) { _ in
            try await fixture.apply(.heartbeat)
            return false
        }.sweep()
        #expect(try await fixture.storage.records.record("request-1")?.status == .processing)
    }

    @Test func recordsWhoseMessagesAreHeldDoNotHideThoseBehindThem() async throws {
        let fixture = try StatusFixture()
        for number in 0..<1_100 {
            let id = "held-\(number)"
            try await fixture.record(id)
            let change = JobRecordChange.started(attempt: 1, maxRetries: 3, messageID: "msg_held")
            _ = try await fixture.storage.records.apply(change, to: id, now: fixture.clock.now)
        }
        try await fixture.record("gone", after: [StatusFixture.started])
        fixture.clock.advance(by: 601)
        let sweeper = sweeper(fixture) { $0 == "msg_held" }
        let cursor = await sweeper.sweep()
        #expect(cursor != nil)
        #expect(try await fixture.storage.records.record("gone")?.status == .processing)
        #expect(await sweeper.sweep(after: cursor) == nil)
        #expect(try await fixture.storage.records.record("gone")?.status == .failed)
    }

    @Test func deadLettersThatHaveRunOutAreRemoved() async throws {
        let fixture = try StatusFixture()
        let entry = DeadLetterEntry(
            id: "00000000-0000-4000-8000-000000000001",
            jobType: "resize-image",
            attempts: 1,
            error: "",
            errorCode: nil,
            failedAt: fixture.clock.now,
            messageID: nil,
            payload: "{}"
        )
        let index = fixture.storage.deadLetters
        _ = try await index.push(entry, entriesMax: 10, ttl: .seconds(100))
        let pushedAt = fixture.clock.now
        fixture.clock.advance(by: 99)
        await sweeper(fixture) { _ in false }.sweep()
        #expect(try await index.count(ofJobType: nil, now: pushedAt) == 1)
        fixture.clock.advance(by: 1)
        await sweeper(fixture) { _ in false }.sweep()
        #expect(try await index.count(ofJobType: nil, now: pushedAt) == 0)
    }

    @Test(arguments: [(1.0, true), (300, true), (301, false), (0.9, false)])
    func aLockLivesNoLongerThanItsHeartbeatsMayBeApart(seconds: Double, isAccepted: Bool) throws {
        struct Slow: JobParameters { static let jobName = "slow" }
        var routes = JobRoutes()
        let options = JobOptions<Slow>(lockTTL: .seconds(seconds), reservationTTL: .seconds(600))
        routes.job(Slow.self, options: options) { _, _ in .done }
        func make() throws { _ = try StatusFixture(routes: { $0 = routes }) }
        if isAccepted {
            try make()
        } else {
            #expect(throws: JobsError.self) { try make() }
        }
        #expect(JobSweeper.silenceMax == .seconds(600))
    }

    @Test func aQueuedRecordWhoseMessageIsHeldOrThatIsYoungIsLeftAlone() async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: [.published(messageID: "msg_1")])
        fixture.clock.advance(by: 600)
        await sweeper(fixture) { _ in false }.sweep()
        #expect(try await fixture.storage.records.record("request-1") == before)
        fixture.clock.advance(by: 100_000)
        await sweeper(fixture) { _ in true }.sweep()
        #expect(try await fixture.storage.records.record("request-1") == before)
    }

    @Test(arguments: [[], [JobRecordChange.published(messageID: "msg_1")]])
    func aQueuedRecordWithoutAMessageFails(changes: [JobRecordChange]) async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: changes)
        fixture.clock.advance(by: 601)
        await sweeper(fixture) { _ in false }.sweep()
        let record = try #require(try await fixture.storage.records.record("request-1"))
        #expect(record.status == .failed && record.errorCode == "stalled")
    }

    @Test func whatHasRunOutIsRemovedInSteps() async throws {
        let fixture = try StatusFixture()
        let owner = LockOwner(instance: "a", life: "b", token: "c")
        for number in 0..<1_300 {
            let lock = DeliveryLock(key: "qstash:message:\(number)", owner: owner, ttl: .seconds(30))
            _ = try await fixture.storage.ledger.acquire(lock, now: fixture.clock.now)
        }
        fixture.clock.advance(by: 60)
        await sweeper(fixture) { _ in false }.sweep()
        #expect(try await fixture.storage.ledger.removeExpired(now: fixture.clock.now, limit: 10) == 0)
    }

    @Test func itLooksEveryMinute() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let asked = Collected<Date>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                try? await sweeper(fixture) { _ in
                    asked.add(fixture.clock.now)
                    return true
                }.run()
            }
            while asked.values.count < 3 {
                await fixture.clock.sleeper()
                fixture.clock.advance(by: 20)
                await Task.yield()
            }
            group.cancelAll()
        }
        let times = asked.values
        #expect(times[1].timeIntervalSince(times[0]) >= 60)
        #expect(times[2].timeIntervalSince(times[1]) >= 60)
    }
}
