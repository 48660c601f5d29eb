import Dispatch
import GRDBSQLite
import PostriderCore
import Synchronization

/// Group commit: writes that wait at the same time share a transaction and its one wait for the disk.
///
/// One drain at a time runs on a queue of its own, never on the threads of tasks. Every write is answered after the
/// transaction it is in has become durable, and each succeeds or fails as a whole: when a transaction fails, its writes are
/// tried again one by one, so that one that cannot be written does not take the others down. That is dearer than a savepoint
/// for each, but only when something fails, which is next to never; a savepoint would be paid for always.
final class Committer: Sendable {
    private let waitingRoom: Mutex<WaitingRoom>
    private let company: CompanyBell
    private let queue = DispatchQueue(label: "postrider.store.commit")
    /// Nil once closed, or while it could not be opened again after the disk failed.
    private let connection: Mutex<Connection<Writer>?>
    private let open: @Sendable () throws -> Connection<Writer>
    private let settings: SQLiteSettings
    private let commits = Atomic(0)

    /// - Parameter open: Opens the connection anew, after the disk failed.
    init(
        connection: Connection<Writer>,
        settings: SQLiteSettings,
        open: @escaping @Sendable () throws -> Connection<Writer>
    ) {
        self.waitingRoom = Mutex(WaitingRoom(settings: settings))
        self.company = CompanyBell()
        self.connection = Mutex(connection)
        self.open = open
        self.settings = settings
    }

    /// Transactions made durable so far.
    var commitCount: Int { commits.load(ordering: .relaxed) }

    /// Writes with others or alone, and returns once it is durable.
    ///
    /// It does not heed cancellation: a caller that no longer wants the answer has still asked for the write.
    ///
    /// - Parameters:
    ///   - byteCount: Bytes of bodies the write brings.
    ///   - body: Runs inside a transaction, perhaps a second time when the first was rolled back.
    func write<Value: Sendable>(
        byteCount: Int = 0,
        _ body: @escaping @Sendable (Writer) throws -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            enqueue(
                QueuedWrite(
                    byteCount: byteCount,
                    perform: { writer in
                        let value = try body(writer)
                        return { continuation.resume(returning: .success(value)) }
                    },
                    fail: { continuation.resume(returning: .failure($0)) }
                )
            )
        }
        return try result.get()
    }

    /// Refuses further writes, finishes those that wait, and closes the connection; a second time does nothing.
    ///
    /// - Parameters:
    ///   - body: Writes a last time.
    ///   - release: Gives up, when the connection is closed, what belongs to it; runs also when closing failed.
    func close(
        _ body: @escaping @Sendable (Writer) throws -> Void,
        release: @escaping @Sendable () -> Void
    ) async throws(StoreError) {
        let isFirst = waitingRoom.withLock { $0.close() }
        guard isFirst else { return }
        let result: Result<Void, StoreError> = await withCheckedContinuation { continuation in
            // The queue is serial: a drain under way ends first, and it leaves nobody waiting.
            queue.async { [self] in
                let result = Result {
                    defer { release() }
                    let last = connection.withLock { connection in
                        defer { connection = nil }
                        return connection
                    }
                    guard let last else { return }
                    try last.perform { writer in try writer.transaction { try body(writer) } }
                    try last.close()
                }
                continuation.resume(returning: result.mapError { StoreError($0) })
            }
        }
        try result.get()
    }

    private func enqueue(_ write: QueuedWrite) {
        switch waitingRoom.withLock({ $0.enter(write) }) {
        case .wait: return
        case .ring: company.ring()
        case .drain: queue.async { [self] in drain() }
        case .refuse: write.fail(StoreError(.closed, detail: "the store is closed"))
        }
    }

    private func drain() {
        while true {
            waitForCompany()
            let batch = waitingRoom.withLock { $0.take() }
            guard !batch.isEmpty else { return }
            commit(batch)
        }
    }

    private func waitForCompany() {
        guard waitingRoom.withLock({ $0.wantsCompany() }) else { return }
        if company.wait(microseconds: settings.groupCommitWaitMicroseconds) { return }
        // The bell may just now be on its way: then it is waited for, so that it does not ring for the next batch.
        if waitingRoom.withLock({ $0.isBellRung() }) { company.wait() }
    }

    private func commit(_ batch: [QueuedWrite]) {
        do {
            let answers = try transaction(batch)
            for answer in answers { answer() }
        } catch {
            recover(batch, from: error)
        }
    }

    private func transaction(_ batch: [QueuedWrite]) throws -> [@Sendable () -> Void] {
        let open = try connection.withLock { try $0 ?? reopened(&$0) }
        let answers = try open.perform { writer in
            try writer.transaction { try batch.map { try $0.perform(writer) } }
        }
        commits.add(1, ordering: .relaxed)
        return answers
    }

    private func recover(_ batch: [QueuedWrite], from error: any Error) {
        if let failure = error as? SQLFailure, failure.primaryCode == SQLITE_IOERR {
            // After a failed fsync nobody knows what is on the disk, and the next one may succeed without having written
            // it. So the connection is given up before anything else is acknowledged, and what was asked is not tried
            // again, for it may be there after all.
            connection.withLock { connection in
                try? connection?.close()
                connection = nil
            }
            for write in batch { write.fail(StoreError(.uncertain, detail: StoreError(error).detail)) }
        } else if batch.count == 1 {
            for write in batch { write.fail(StoreError(error)) }
        } else {
            for write in batch { commit([write]) }
        }
    }

    private func reopened(_ connection: inout Connection<Writer>?) throws -> Connection<Writer> {
        let fresh = try open()
        connection = fresh
        return fresh
    }
}
