import Logging
package import PostriderJobs
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The job that the cases handle.
package struct Note: JobParameters {
    /// Its name.
    package static let jobName = "take-note"

    /// Any text.
    package var text: String

    /// Not negative.
    package var count: Int

    /// A note.
    package init(text: String, count: Int) {
        self.text = text
        self.count = count
    }

    /// Refuses a negative count.
    package func validate(_ check: inout Validation) {
        check.that(count >= 0, "count", "must not be negative")
    }
}

/// A server with one job on a storage, a clock that stands still, and a way to send it deliveries.
package final class JobBench: Sendable {
    /// Where the server is, as the broker sees it.
    package static let origin = "https://worker.test"
    /// The key that deliveries are signed with.
    package static let currentKey = "sig_current_key_of_the_acceptance_cases"
    /// The key after it.
    package static let nextKey = "sig_next_key_of_the_acceptance_cases"

    /// The server.
    package let server: JobServer
    /// Its storage.
    package let storage: JobStorage
    /// Its clock.
    package let clock: ManualJobClock
    /// Tells the messages of one case from those of another, where a storage is shared.
    package let prefix: String
    /// How often the handler was called.
    private let runs: Tally
    /// The names of the alerts that were raised.
    private let raised: Alerts

    /// Counts.
    package final class Tally: Sendable {
        private let count = Mutex(0)

        /// Nothing yet.
        package init() {}

        /// The number so far, this one included.
        @discardableResult
        package func next() -> Int {
            count.withLock { count in
                count += 1
                return count
            }
        }

        /// The number so far.
        package var value: Int { count.withLock { $0 } }
    }

    private final class Alerts: Sendable {
        let names = Mutex<[String]>([])
    }

    /// A bench.
    ///
    /// - Parameters:
    ///   - name: The case, in letters, digits and `-`.
    ///   - instance: The instance of the server's configuration.
    package init(
        _ name: String,
        _ storage: JobStorage,
        clock: ManualJobClock = ManualJobClock(),
        options: JobOptions<Note> = JobOptions(),
        signingKeys: SigningKeySource = .fixed(current: JobBench.currentKey, next: JobBench.nextKey),
        instance: String? = nil,
        handler: @escaping @Sendable (Note, JobContext) async throws -> JobOutcome = { _, _ in .done }
    ) throws {
        let runs = Tally()
        let raised = Alerts()
        var routes = JobRoutes()
        routes.job(Note.self, options: options) { note, context in
            runs.next()
            return try await handler(note, context)
        }
        var configuration = JobServer.Configuration(publicBaseURL: Self.origin, signingKeys: signingKeys)
        configuration.instance = instance
        configuration.onAlert = { alert in raised.names.withLock { $0.append(alert.name) } }
        self.server = try JobServer(
            routes,
            configuration: configuration,
            storage: storage,
            identity: NoIdentity(),
            clock: clock,
            randomBytes: Self.bytes,
            logger: Logger(label: "acceptance") { _ in SwiftLogNoOpLogHandler() }
        )
        self.storage = storage
        self.clock = clock
        self.prefix = name
        self.runs = runs
        self.raised = raised
    }

    /// What tells owners apart need not be unguessable here, but must differ, also between two servers on one storage.
    private static let drawn = Tally()

    @Sendable
    private static func bytes(_ count: Int) -> [UInt8] {
        let number = UInt64(drawn.next())
        return (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * ($0 % 8))) }
    }

    /// How often the handler was called.
    package var runCount: Int { runs.value }

    /// The names of the alerts that were raised, in their order.
    package var alerts: [String] { raised.names.withLock { $0 } }

    /// The whole id of one of the case's messages.
    package func message(_ name: String) -> String { "msg_\(prefix)_\(name)" }

    /// A signed delivery of a message.
    package func delivery(_ message: String = "1", body: String = #"{"text":"a","count":1}"#) -> SignedDelivery {
        SignedDelivery(
            origin: Self.origin,
            path: Note.path,
            body: Array(body.utf8),
            messageID: self.message(message),
            signingKey: Self.currentKey
        )
    }

    /// Sends a delivery.
    package func send(_ delivery: SignedDelivery) async throws -> JobResponse {
        guard let response = await server.respond(to: delivery.request(issuedAt: clock.now)) else {
            throw AcceptanceViolation("the job's path is not known")
        }
        return response
    }

    /// Sends a message, changed in some way.
    @discardableResult
    package func send(
        _ message: String = "1",
        _ change: (inout SignedDelivery) -> Void = { _ in }
    ) async throws -> JobResponse {
        var delivery = delivery(message)
        change(&delivery)
        return try await send(delivery)
    }

    /// Whether nobody holds a message: it can be locked, and is let go again.
    package func isFree(_ message: String) async throws -> Bool {
        let owner = LockOwner(instance: "probe", life: "probe", token: "probe")
        let lock = DeliveryLock(key: "qstash:message:\(self.message(message))", owner: owner, ttl: .seconds(30))
        guard try await storage.ledger.acquire(lock, now: clock.now) == .acquired else { return false }
        return try await storage.ledger.release(DeliveryRelease(lock: lock, reservation: nil, now: clock.now))
    }

    /// The dead letters of a message, newest first.
    package func deadLetters(_ message: String) async throws -> [DeadLetterEntry] {
        let all = try await storage.deadLetters.entries(ofJobType: Note.jobName, limit: 1_000, now: clock.now)
        return all.filter { $0.messageID == self.message(message) }
    }

    /// Adds a record for a job of this bench, and gives its request id.
    package func makeRecord(_ name: String = "r") async throws -> String {
        let requestID = "req-\(prefix)-\(name)"
        let bytes = Array("\(requestID)".utf8)
        let digits = bytes.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
        let tail = String(digits % 1_000_000_000_000)
        let id = "00000000-0000-4000-8000-" + String(repeating: "0", count: 12 - tail.count) + tail
        try await storage.records.create(
            JobRecord(id: id, requestID: requestID, jobType: Note.jobName, maxRetries: 3, createdAt: clock.now)
        )
        return requestID
    }

    /// The record of a request id.
    package func record(_ requestID: String) async throws -> JobRecord {
        guard let record = try await storage.records.record(requestID) else {
            throw AcceptanceViolation("the record \(requestID) is gone")
        }
        return record
    }
}
