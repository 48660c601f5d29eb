import Foundation
import Logging
import ServiceLifecycle
import Testing

@testable import PostriderJobs

@Suite struct JobRecordHubTests {
    @Test func aChangeBeforeTheWaitIsNotMissed() async {
        let signal = ChangeSignal()
        signal.raise()
        signal.raise()
        await signal.wait()
        let isOverdue = await withTaskGroup(of: Void.self) { group in
            group.addTask { await signal.wait() }
            group.cancelAll()
            await group.waitForAll()
            return false
        }
        #expect(!isOverdue)
    }

    @Test func everyChangeIsSeenByWhoeverWaitsForTheLast() async {
        let signal = ChangeSignal()
        let last = Collected<Int>()
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                for number in 1...1_000 {
                    last.add(number)
                    signal.raise()
                }
            }
            group.addTask {
                while last.values.last != 1_000 { await signal.wait() }
            }
            await group.waitForAll()
        }
        #expect(last.values.count == 1_000)
    }

    @Test func onlyThoseWhoWatchTheRecordAreTold() async throws {
        let hub = JobRecordHub()
        let clock = SteppingClock()
        let mine = try #require(hub.watcher(of: "a", watchersMax: 10))
        let other = try #require(hub.watcher(of: "b", watchersMax: 10))
        hub.tell("a")
        await mine.change(within: .seconds(1), clock: clock)
        let before = clock.now
        try await clock.running { await other.change(within: .seconds(5), clock: clock) }
        #expect(clock.now.timeIntervalSince(before) >= 5)
    }

    @Test func whoIsLetGoIsForgotten() throws {
        let hub = JobRecordHub()
        var watchers: [JobRecordWatcher] = []
        for _ in 0..<3 { watchers.append(try #require(hub.watcher(of: "a", watchersMax: 3))) }
        #expect(hub.watcher(of: "b", watchersMax: 3) == nil)
        watchers.removeLast()
        #expect(hub.watcherCount == 2 && hub.watchedCount == 1)
        watchers.removeAll()
        #expect(hub.watcherCount == 0 && hub.watchedCount == 0)
    }

    @Test func aWatchPassesOnWhatTheStorageTells() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let watcher = try #require(fixture.server.environment.hub.watcher(of: "request-1", watchersMax: 1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await JobRecordWatch(fixture.server).run() }
            // The watch may begin a little later than the first changes.
            group.addTask {
                while !Task.isCancelled {
                    _ = try await fixture.storage.records.apply(.heartbeat, to: "request-1", now: fixture.clock.now)
                    await Task.yield()
                }
            }
            await watcher.change(within: .seconds(1_000), clock: fixture.clock)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(fixture.clock.now < Date(timeIntervalSince1970: 1_790_000_100))
    }

    @Test func aWatchThatBreaksOffIsMadeAnewAfterLongerAndLongerWaits() async throws {
        let records = UnreachableRecords(failures: 10)
        var storage = JobStorage.inMemory()
        storage.records = records
        let fixture = try StatusFixture(storage: storage)
        let seconds = await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await JobRecordWatch(fixture.server).run() }
            let began = fixture.clock.now
            while records.calls.values.count < 10 {
                await fixture.clock.sleeper()
                fixture.clock.advance(by: 0.05)
                await Task.yield()
            }
            group.cancelAll()
            return fixture.clock.now.timeIntervalSince(began)
        }
        // 0.1 + 0.2 + 0.4 + 0.8 + 1.6 + 3.2 + 6.4 + 10 + 10
        #expect(seconds > 32.6 && seconds < 45)
    }
}
