import Foundation
import HTTPTypes
import Testing

@testable import PostriderJobs

@Suite struct JobEventsTests {
    private let path = "/api/jobs/request-1/events"

    /// What a stream told, and when.
    private struct Told: Sendable, Equatable {
        var name: String
        var id: Int64?
        var status: String?
        var progress: Int64?

        static func progress(_ id: Int64, _ progress: Int64) -> Told {
            Told(name: "progress", id: id, status: "processing", progress: progress)
        }

        static func done(_ id: Int64, _ status: String, _ progress: Int64) -> Told {
            Told(name: "done", id: id, status: status, progress: progress)
        }

        static let ping = Told(name: "ping")
    }

    private func told(_ chunk: [UInt8]) -> Told? {
        let text = String(decoding: chunk, as: UTF8.self)
        if text == ": ping\n\n" { return .ping }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 5, lines[3].isEmpty, lines[4].isEmpty, lines[0].hasPrefix("event: "),
            lines[1].hasPrefix("id: "), lines[2].hasPrefix("data: "),
            let data = JSONValue.parse(String(lines[2].dropFirst(6))), data["requestId"] == "request-1"
        else { return nil }
        return Told(
            name: String(lines[0].dropFirst(7)),
            id: Int64(lines[1].dropFirst(4)),
            status: data["status"]?.string,
            progress: data["progress"]?.integer
        )
    }

    private func events(_ fixture: StatusFixture, lastEventID: String? = nil) async throws -> JobEventStream {
        let name = try #require(HTTPField.Name("Last-Event-ID"))
        let response = try await fixture.send(.get, path, headers: lastEventID.map { [(name, $0)] } ?? [])
        #expect(response.head.status == .ok)
        #expect(response.head.headerFields[.contentType] == "text/event-stream")
        #expect(response.head.headerFields[.cacheControl] == "private, no-cache")
        guard case .events(let events) = response.body else {
            throw JobsError(.configurationInvalid, "no events in the answer")
        }
        return events
    }

    @Test func theStateIsToldAtOnceThenEachChangeThenTheEnd() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        var stream = try await events(fixture).makeAsyncIterator()
        #expect(await stream.next().flatMap(told) == .progress(2, 0))
        try await fixture.apply(.progressed(percent: 30, phase: nil))
        fixture.server.environment.hub.tell("request-1")
        #expect(await stream.next().flatMap(told) == .progress(3, 30))
        try await fixture.apply(.completed(resultData: nil))
        fixture.server.environment.hub.tell("request-1")
        #expect(await stream.next().flatMap(told) == .done(4, "completed", 100))
        #expect(await stream.next() == nil)
    }

    @Test func severalChangesAreOneEventWithTheLast() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        var stream = try await events(fixture).makeAsyncIterator()
        _ = await stream.next()
        for percent in [10, 20, 30] {
            try await fixture.apply(.progressed(percent: percent, phase: nil))
            fixture.server.environment.hub.tell("request-1")
        }
        #expect(await stream.next().flatMap(told) == .progress(5, 30))
    }

    @Test func aChangeThatNobodyToldOfIsFoundWithinTwoSeconds() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let stream = try await events(fixture, lastEventID: "2")
        try await fixture.apply(.completed(resultData: nil))
        let changedAt = fixture.clock.now
        let (chunk, at) = try await fixture.clock.running {
            var stream = stream.makeAsyncIterator()
            return (await stream.next(), fixture.clock.now)
        }
        #expect(chunk.flatMap(told) == .done(3, "completed", 100))
        #expect(at.timeIntervalSince(changedAt) <= 3)
    }

    @Test func silenceIsBrokenEveryFifteenSeconds() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let stream = try await events(fixture)
        let began = fixture.clock.now
        let chunks = try await fixture.clock.running {
            var chunks: [([UInt8], TimeInterval)] = []
            for await chunk in stream {
                chunks.append((chunk, fixture.clock.now.timeIntervalSince(began)))
                if chunks.count == 4 { break }
            }
            return chunks
        }
        #expect(chunks.map { told($0.0) } == [.progress(2, 0), .ping, .ping, .ping])
        for (index, chunk) in chunks.enumerated() where index > 0 {
            let silence = chunk.1 - chunks[index - 1].1
            #expect(silence >= 15 && silence <= 17)
        }
    }

    @Test func aClientThatComesBackIsToldOnlyWhatIsNew() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        var stream = try await events(fixture, lastEventID: "2").makeAsyncIterator()
        try await fixture.apply(.progressed(percent: 30, phase: nil))
        fixture.server.environment.hub.tell("request-1")
        #expect(await stream.next().flatMap(told) == .progress(3, 30))
        var behind = try await events(fixture, lastEventID: "2").makeAsyncIterator()
        #expect(await behind.next().flatMap(told) == .progress(3, 30))
    }

    @Test(arguments: ["x", "99", "-1", "9223372036854775808"])
    func anIDThatWasNeverToldTellsNothing(lastEventID: String) async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        var stream = try await events(fixture, lastEventID: lastEventID).makeAsyncIterator()
        #expect(await stream.next().flatMap(told) == .progress(2, 0))
    }

    @Test func theEndIsToldToWhoeverAsksAgain() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started, .failed(code: "a", message: "b")])
        var stream = try await events(fixture, lastEventID: "3").makeAsyncIterator()
        #expect(await stream.next().flatMap(told) == .done(3, "failed", 0))
        #expect(await stream.next() == nil)
    }

    @Test func streamsBeyondTheBoundAreRefusedUntilOneEnds() async throws {
        let fixture = try StatusFixture(eventStreamsMax: 1)
        try await fixture.record(after: [StatusFixture.started])
        do {
            var first = try await events(fixture).makeAsyncIterator()
            let refused = try await fixture.send(.get, path)
            #expect(refused.head.status == .serviceUnavailable)
            #expect(refused.fields?["error"] == "too_many_streams")
            #expect(refused.head.headerFields[.retryAfter] == "5")
            #expect(await first.next() != nil)
        }
        #expect(fixture.server.environment.hub.watcherCount == 0)
        var second = try await events(fixture).makeAsyncIterator()
        #expect(await second.next() != nil)
    }

    @Test func oneUserDoesNotTakeAllStreams() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        do {
            var streams: [JobEventStream] = []
            for _ in 0..<20 { streams.append(try await events(fixture)) }
            let refused = try await fixture.send(.get, path)
            #expect(refused.head.status == .tooManyRequests)
            #expect(refused.fields?["error"] == "too_many_streams")
            #expect(refused.head.headerFields[.retryAfter] == "5")
            let other = try await fixture.send(.get, path, as: "operator")
            #expect(other.head.status == .ok)
            streams.removeAll()
        }
        #expect(fixture.server.environment.hub.watcherCount == 0)
        _ = try await events(fixture)
    }

    @Test func aStreamEndsWhenItsTaskIsCancelled() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let stream = try await events(fixture)
        let count = await withTaskGroup(of: Int.self) { group in
            group.addTask {
                var count = 0
                for await _ in stream { count += 1 }
                return count
            }
            await fixture.clock.sleeper()
            group.cancelAll()
            return await group.next()
        }
        #expect(count == 1)
    }

    @Test func aStoreThatIsDownForAWhileEndsNoStream() async throws {
        let records = JobStorage.inMemory()
        var storage = records
        // The endpoint reads the record once, then the store is down for two looks.
        let flaky = UnreachableRecords(records.records, failures: 2)
        storage.records = flaky
        let fixture = try StatusFixture(storage: records)
        let record = try await fixture.record(after: [StatusFixture.started])
        let watcher = try #require(fixture.server.environment.hub.watcher(of: "request-1", watchersMax: 1))
        let source = JobEventSource(
            record: record,
            lastSeen: record.version,
            watcher: watcher,
            records: storage.records,
            clock: fixture.clock
        )
        try await fixture.apply(.completed(resultData: nil))
        let chunk = try await fixture.clock.running {
            var source = source
            return await source.next()
        }
        #expect(chunk.flatMap(told) == .done(3, "completed", 100))
        #expect(flaky.calls.values.count == 3)
    }

    @Test func aRecordThatIsGoneEndsItsStream() async throws {
        let fixture = try StatusFixture()
        let record = try await fixture.record(after: [StatusFixture.started])
        let watcher = try #require(fixture.server.environment.hub.watcher(of: "request-1", watchersMax: 1))
        let source = JobEventSource(
            record: record,
            lastSeen: record.version,
            watcher: watcher,
            records: JobStorage.inMemory().records,
            clock: fixture.clock
        )
        let chunk = try await fixture.clock.running {
            var source = source
            return await source.next()
        }
        #expect(chunk == nil)
    }
}
