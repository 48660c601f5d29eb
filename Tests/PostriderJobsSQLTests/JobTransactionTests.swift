import Foundation
import HTTPTypes
import PostriderJobs
import PostriderJobsConformance
import PostriderJobsSQL
import PostriderSQL
import Testing

/// What a handler writes in the transaction that ends its delivery.
@Suite struct JobTransactionTests {
    private static func makeTable(_ storage: SQLJobStorage) async throws {
        try await storage.database.transaction { transaction in
            _ = try transaction.execute("CREATE TABLE note (text TEXT PRIMARY KEY, count BIGINT NOT NULL)")
        }
    }

    /// The texts that were written, in order.
    private static func notes(_ storage: SQLJobStorage) async throws -> [String] {
        try await storage.database.read { transaction in
            try transaction.rows("SELECT text FROM note ORDER BY text").map { try $0.value("text") }
        }
    }

    private static func write(_ note: Note, in transaction: SQLTransaction) throws {
        _ = try transaction.execute("INSERT INTO note (text, count) VALUES (\(note.text), \(note.count))")
    }

    @Test(arguments: StorageBed.allCases)
    func everythingIsCommittedTogetherAndOnce(on bed: StorageBed) async throws {
        try await bed.run { storage in
            try await Self.makeTable(storage)
            let options = JobOptions<Note>(businessKey: { "note:\($0.text)" })
            let bench = try JobBench("together", JobStorage(storage), options: options) { note, context in
                try await context.transaction { transaction in
                    try Self.write(note, in: transaction)
                    return .done(["written": .string(note.text)])
                }
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.send { $0.requestID = requestID }
            #expect(response.head.status == .ok)
            #expect(response.fields == ["ok": true, "written": "a"])
            let record = try await bench.record(requestID)
            #expect(record.status == .completed && record.progress == 100)
            #expect(record.resultData.flatMap { JSONValue.parse($0) } == ["written": "a"])
            #expect(try await bench.send().fields == ["ok": true, "duplicate": true])
            let republished = try await bench.send("2")
            #expect(republished.fields?["duplicate"] == true || republished.fields?["skipped"] == true)
            #expect(try await Self.notes(storage) == ["a"])
            #expect(bench.runCount == 1)
        }
    }

    @Test(arguments: StorageBed.allCases)
    func aLostLockUndoesWhatTheHandlerWrote(on bed: StorageBed) async throws {
        try await bed.run { storage in
            try await Self.makeTable(storage)
            let bench = try JobBench("lost", JobStorage(storage)) { note, context in
                let owner = LockOwner(instance: "another", life: "one", token: "t")
                let key = "qstash:message:\(context.messageID)"
                let lock = DeliveryLock(key: key, owner: owner, ttl: .seconds(3_600))
                _ = try await storage.acquire(lock, now: context.now.addingTimeInterval(31))
                return try await context.transaction { transaction in
                    try Self.write(note, in: transaction)
                    return .done
                }
            }
            let requestID = try await bench.makeRecord()
            let response = try await bench.send { $0.requestID = requestID }
            #expect(response.head.status == .conflict)
            #expect(try await Self.notes(storage).isEmpty)
            #expect(try await bench.record(requestID).status == .processing)
        }
    }

    @Test(arguments: StorageBed.allCases)
    func anOutcomeThatIsNoSuccessIsPassedOnAndUndoesEverything(on bed: StorageBed) async throws {
        try await bed.run { storage in
            try await Self.makeTable(storage)
            let bench = try JobBench("outcome", JobStorage(storage)) { note, context in
                try await context.transaction { transaction in
                    try Self.write(note, in: transaction)
                    switch context.attempt {
                    case 1: return .retry(reason: "not yet")
                    case 2: return .failed(code: "no", reason: "never")
                    default: return .done
                    }
                }
            }
            #expect(try await bench.send().head.status == .internalServerError)
            #expect(try await bench.send { $0.retried = 1 }.head.status.code == 489)
            #expect(try await Self.notes(storage).isEmpty)
            #expect(try await bench.send { $0.retried = 2 }.head.status == .ok)
            #expect(try await Self.notes(storage) == ["a"])
        }
    }

    @Test(arguments: StorageBed.allCases)
    func aStatementThatFailsUndoesEverythingAndIsTheHandlersToSee(on bed: StorageBed) async throws {
        try await bed.run { storage in
            try await Self.makeTable(storage)
            let bench = try JobBench("conflict", JobStorage(storage)) { note, context in
                do {
                    return try await context.transaction { transaction in
                        _ = try transaction.execute("INSERT INTO note (text, count) VALUES ('first', 1)")
                        try Self.write(note, in: transaction)
                        try Self.write(note, in: transaction)
                        return .done
                    }
                } catch let error as SQLError where error.code == .conflict {
                    return .skipped(reason: "conflict")
                }
            }
            #expect(try await bench.send().fields?["reason"] == "conflict")
            #expect(try await Self.notes(storage).isEmpty)
        }
    }

    @Test(arguments: StorageBed.allCases)
    func deliveriesAtOnceWriteOnce(on bed: StorageBed) async throws {
        try await bed.run { storage in
            try await Self.makeTable(storage)
            let bench = try JobBench("at-once", JobStorage(storage)) { note, context in
                try await context.transaction { transaction in
                    try Self.write(note, in: transaction)
                    return .done
                }
            }
            let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<10 { group.addTask { try await bench.send().head.status.code } }
                return try await group.reduce(into: [Int]()) { $0.append($1) }
            }
            #expect(statuses.allSatisfy { [200, 409].contains($0) })
            #expect(statuses.contains(200))
            #expect(try await Self.notes(storage) == ["a"])
        }
    }

    @Test func aHandlerThatFailsAfterTheCommitIsNotRepeated() async throws {
        try await StorageBed.sqlite.run { storage in
            try await Self.makeTable(storage)
            let bench = try JobBench("after", JobStorage(storage)) { note, context in
                _ = try await context.transaction { transaction in
                    try Self.write(note, in: transaction)
                    return .done
                }
                throw SQLError(.invalid, "after the commit")
            }
            #expect(try await bench.send().head.status == .ok)
            #expect(try await Self.notes(storage) == ["a"])
        }
    }

    @Test func withoutADatabaseThereIsNoTransaction() async throws {
        let bench = try JobBench("memory", .inMemory()) { _, context in
            do {
                return try await context.transaction { _ in .done }
            } catch let error as JobsError where error.code == .transactionUnavailable {
                return .skipped(reason: "no transaction")
            }
        }
        #expect(try await bench.send().fields?["reason"] == "no transaction")
    }
}

extension JobResponse {
    /// The body as JSON.
    fileprivate var fields: JSONValue? {
        guard case .bytes(let bytes) = body else { return nil }
        return JSONValue.parse(bytes)
    }
}
