import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a check works with: the storage, samples, and ways to say what is wrong.
struct StorageTrial: Sendable {
    let storage: JobStorage
    let check: String

    var ledger: any DeliveryLedger { storage.ledger }
    var records: any JobRecordStore { storage.records }

    /// So many seconds after the checks' beginning of time, a whole millisecond.
    func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_790_000_000 + seconds) }

    func require(_ condition: Bool, _ detail: String) throws {
        guard condition else { throw StorageCheckFailure(check: check, detail: detail) }
    }

    func same<Value: Equatable>(_ seen: Value, _ wanted: Value, _ what: String) throws {
        guard seen == wanted else {
            throw StorageCheckFailure(check: check, detail: "\(what) is \(seen), and should be \(wanted)")
        }
    }

    /// Does the same many times at once; what it gave, in the order of the numbers.
    func atOnce<Value: Sendable>(
        _ count: Int,
        _ body: @escaping @Sendable (Int) async throws -> Value
    ) async throws -> [Value] {
        try await withThrowingTaskGroup(of: (Int, Value).self) { group in
            for number in 0..<count {
                group.addTask { (number, try await body(number)) }
            }
            var values: [Int: Value] = [:]
            for try await (number, value) in group { values[number] = value }
            return (0..<count).compactMap { values[$0] }
        }
    }
}

extension StorageTrial {
    /// A lock of 30 seconds.
    func lock(
        _ message: String = "msg_1",
        instance: String = "here",
        life: String = "life-1",
        token: String = "a",
        ttl: Duration = .seconds(30)
    ) -> DeliveryLock {
        DeliveryLock(
            key: "qstash:message:\(message)",
            owner: LockOwner(instance: instance, life: life, token: token),
            ttl: ttl
        )
    }

    /// A reservation of 300 seconds, then a day.
    func reservation(_ event: String = "event-1", owner: String = "msg_1") -> Reservation {
        Reservation(key: "idemp:\(event)", owner: owner)
    }

    /// The end of a delivery.
    func completion(
        of lock: DeliveryLock,
        reservation: Reservation? = nil,
        requestID: String? = nil,
        change: JobRecordChange? = nil,
        at seconds: Double
    ) -> DeliveryCompletion {
        DeliveryCompletion(
            lock: lock,
            doneTTL: .seconds(86_400),
            reservation: reservation,
            requestID: requestID,
            recordChange: change,
            now: at(seconds)
        )
    }

    /// Gives a lock back.
    @discardableResult
    func release(_ lock: DeliveryLock, reservation: Reservation?) async throws -> Bool {
        try await ledger.release(DeliveryRelease(lock: lock, reservation: reservation, now: at(0)))
    }

    /// A queued record of a number; ids by number.
    func record(_ number: Int = 1, createdAt seconds: Double = 0) -> JobRecord {
        let digits = String(number)
        let tail = String(repeating: "0", count: 12 - digits.count) + digits
        return JobRecord(
            id: "00000000-0000-4000-8000-\(tail)",
            requestID: "request-\(number)",
            jobType: "resize-image",
            userID: "11111111-1111-4111-8111-111111111111",
            subject: "image-\(number)",
            maxRetries: 3,
            createdAt: at(seconds)
        )
    }

    /// Applies changes one after another, a second between them.
    @discardableResult
    func apply(_ changes: [JobRecordChange], to requestID: String, from seconds: Double = 1) async throws -> JobRecord {
        var last: JobRecord?
        for (index, change) in changes.enumerated() {
            let update = try await records.apply(change, to: requestID, now: at(seconds + Double(index)))
            guard case .changed(let record) = update else {
                throw StorageCheckFailure(check: check, detail: "\(change) gave \(update)")
            }
            last = record
        }
        guard let last else { throw StorageCheckFailure(check: check, detail: "no change was given") }
        return last
    }
}
