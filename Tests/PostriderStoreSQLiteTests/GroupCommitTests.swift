import GRDBSQLite
import PostriderCore
import PostriderSimulation
import Testing

@testable import PostriderStoreSQLite

@Suite struct GroupCommitTests {
    @Test func writesAtOnceShareTransactions() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        let count: Int64 = 2_000
        let before = store.commitCount
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in 1...count {
                group.addTask {
                    let result = try await store.accept([Acceptance(message: sampleMessage(key))])
                    #expect(result == [.accepted])
                    // A read sees only what is committed: the answer came after the commit.
                    #expect(try await store.load([MessageKey(rawValue: key)]).count == 1)
                }
            }
            try await group.waitForAll()
        }
        #expect(store.commitCount - before < count / 4)
        #expect(try await store.pendingCount() == Int(count))
    }

    @Test func aLoneWriterHasATransactionForEachWrite() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        let before = store.commitCount
        for key in 1...10 as ClosedRange<Int64> {
            _ = try await store.accept([Acceptance(message: sampleMessage(key))])
        }
        #expect(store.commitCount - before == 10)
    }

    @Test func aWriteThatFailsDoesNotFailItsNeighbours() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for key in 2...200 as ClosedRange<Int64> {
                group.addTask {
                    if key % 20 == 0 {
                        await #expect(throws: StoreError.self) {
                            let taken = Acceptance(message: try sampleMessage(1))
                            _ = try await store.accept([Acceptance(message: sampleMessage(key)), taken])
                        }
                    } else {
                        let result = try await store.accept([Acceptance(message: sampleMessage(key))])
                        #expect(result == [.accepted])
                    }
                }
            }
            try await group.waitForAll()
        }
        let stored = try await store.pending(in: .all, fence: .exclusive, after: nil, limit: 1_000)
        #expect(stored.map(\.key.rawValue) == (1...200).filter { $0 % 20 != 0 })
    }

    @Test func aFullDiskIsToldAndSmallWritesGoOn() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        try await store.committer.write { writer in
            let pages = try writer.session.integer("PRAGMA page_count") ?? 0
            _ = try writer.session.integer("PRAGMA max_page_count = \(pages + 2)")
        }
        let error = await #expect(throws: StoreError.self) {
            _ = try await store.accept([Acceptance(message: sampleMessage(2, bytes: 100_000))])
        }
        #expect(error?.code == .full)
        #expect(try await store.accept([Acceptance(message: sampleMessage(3))]) == [.accepted])
        #expect(try await store.pendingCount() == 2)
    }

    @Test func afterTheDiskFailedTheDatabaseIsOpenedAnew() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        let handle = try await store.committer.write { Int(bitPattern: Unmanaged.passUnretained($0).toOpaque()) }
        let error = await #expect(throws: StoreError.self) {
            try await store.committer.write { writer in
                _ = try writer.accept([Acceptance(message: sampleMessage(2))])
                throw SQLFailure(code: SQLITE_IOERR | (4 << 8), message: "fsync")
            }
        }
        #expect(error?.code == .uncertain)
        #expect(try await store.accept([Acceptance(message: sampleMessage(3))]) == [.accepted])
        #expect(try await store.pendingCount() == 2)
        let (synchronous, isSame) = try await store.committer.write { writer in
            let address = Int(bitPattern: Unmanaged.passUnretained(writer).toOpaque())
            return (try writer.session.integer("PRAGMA synchronous"), address == handle)
        }
        #expect(synchronous == 2)
        #expect(!isSame)
    }

    @Test func numbersGivenOutInAFailedTransactionAreForgotten() async throws {
        let temporary = try TemporaryStore()
        let store = try await temporary.reopen()
        await #expect(throws: StoreError.self) {
            // The first message brings account, destination and lane; the second takes its key again.
            let twice = [Acceptance(message: try sampleMessage(1)), Acceptance(message: try sampleMessage(1))]
            _ = try await store.accept(twice)
        }
        let other = Account(name: "other")
        _ = try await store.updateSigningKeys(account: other) { _ in
            SigningKeyRecord(pair: SigningKeyRecord.Pair(current: "a", next: "b"), seed: nil)
        }
        _ = try await store.accept([Acceptance(message: sampleMessage(1))])
        #expect(try await store.message(MessageKey(rawValue: 1), account: .standard)?.account == .standard)
        #expect(try await store.message(MessageKey(rawValue: 1), account: other) == nil)
    }

    @Test func writesBeyondTheBoundsGoInSeveralTransactions() {
        let settings = SQLiteSettings(writesPerCommitMax: 3, bytesPerCommitMax: 100)
        func batches(_ byteCounts: [Int]) -> [[Int]] {
            var room = WaitingRoom(settings: settings)
            for count in byteCounts {
                _ = room.enter(QueuedWrite(byteCount: count, perform: { _ in {} }, fail: { _ in }))
            }
            var batches: [[Int]] = []
            while true {
                let batch = room.take()
                guard !batch.isEmpty else { return batches }
                batches.append(batch.map(\.byteCount))
            }
        }
        #expect(batches([1, 2, 3, 4, 5]) == [[1, 2, 3], [4, 5]])
        #expect(batches([60, 40, 1]) == [[60, 40], [1]])
        #expect(batches([500, 500]) == [[500], [500]])
        #expect(batches([]).isEmpty)
    }

    @Test func theDrainWaitsForCompanyOnlyWhenThereWasSome() {
        func room(_ count: Int) -> WaitingRoom {
            var room = WaitingRoom(settings: SQLiteSettings(groupCommitCompanyMax: 4))
            for _ in 0..<count { _ = room.enter(QueuedWrite(byteCount: 0, perform: { _ in {} }, fail: { _ in })) }
            _ = room.take()
            return room
        }
        let write = QueuedWrite(byteCount: 0, perform: { _ in {} }, fail: { _ in })
        var alone = room(1)
        _ = alone.enter(write)
        let waitsAlone = alone.wantsCompany()
        #expect(!waitsAlone)
        var accompanied = room(3)
        _ = accompanied.enter(write)
        let waits = accompanied.wantsCompany()
        #expect(waits)
        let arrivals = [accompanied.enter(write), accompanied.enter(write)]
        #expect(arrivals == [.wait, .ring])
        let isRung = accompanied.isBellRung()
        #expect(isRung)
        let waitsAgain = accompanied.wantsCompany()
        #expect(!waitsAgain)
        var large = room(100)
        for _ in 0..<4 { _ = large.enter(write) }
        let waitsWithEnough = large.wantsCompany()
        #expect(!waitsWithEnough)
    }
}
