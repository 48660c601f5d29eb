import Logging
public import QStash
public import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks after what nobody else ends: records whose handler died for good or whose message is gone, and data that has run out.
///
/// Run one, or several; they do each other no harm.
public struct JobSweeper: Service {
    /// How often it looks.
    static let interval: Duration = .seconds(60)
    /// How long a record shows no sign of life before it is looked at.
    static let silenceMax: Duration = .seconds(600)
    /// How many records are read at a time, and how many times in one round, the oldest first; the next round goes on from there.
    static let pages: (recordsMax: Int, countMax: Int) = (250, 4)
    /// How many rows are removed in one step, and how many steps a round has for each kind.
    static let removal: (rowsMax: Int, stepsMax: Int) = (500, 40)

    private let storage: JobStorage
    private let clock: any JobClock
    private let logger: Logger
    private let isMessageHeld: @Sendable (String) async throws -> Bool

    /// A sweeper for a server's storage.
    ///
    /// - Parameter isMessageHeld: Whether the broker still has a message, by its id, and so may deliver it again; when it throws, the record
    ///   is left for the next round.
    public init(
        _ server: JobServer,
        isMessageHeld: @escaping @Sendable (_ messageID: String) async throws -> Bool
    ) {
        self.init(server.environment, isMessageHeld: isMessageHeld)
    }

    /// A sweeper for a server's storage that asks the broker of a client.
    public init(_ server: JobServer, client: QStashClient) {
        self.init(server) { messageID in
            do {
                _ = try await client.messages.get(MessageID(messageID))
                return true
            } catch let error as QStashError where error.code == .notFound {
                return false
            }
        }
    }

    init(_ environment: JobEnvironment, isMessageHeld: @escaping @Sendable (String) async throws -> Bool) {
        storage = environment.storage
        clock = environment.clock
        logger = environment.logger
        self.isMessageHeld = isMessageHeld
    }

    /// Looks every minute, until shutdown.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            var cursor: JobRecord?
            while !Task.isCancelled {
                do { try await clock.sleep(for: Self.interval) } catch { return }
                cursor = await sweep(after: cursor)
            }
        }
    }

    /// One round.
    ///
    /// - Parameter cursor: The record at which the round before stopped; nil to begin with the oldest.
    /// - Returns: Where the next round goes on: records that wait for their message must not hide those behind them. Nil when this round came
    ///   to the end.
    @discardableResult
    func sweep(after cursor: JobRecord? = nil) async -> JobRecord? {
        var next: JobRecord?
        do {
            next = try await failStalledRecords(after: cursor)
            try await remove { try await storage.ledger.removeExpired(now: $0, limit: $1) }
            try await remove { try await storage.rateLimits.removeExpiredCounters(now: $0, limit: $1) }
            try await remove { try await storage.deadLetters.removeExpiredEntries(now: $0, limit: $1) }
        } catch {
            logger.warning("job_sweeper.round_failed", metadata: ["error": "\(ErrorText.of(error))"])
        }
        return next
    }

    private func failStalledRecords(after cursor: JobRecord?) async throws -> JobRecord? {
        let moment = clock.now.adding(.zero - Self.silenceMax)
        var last = cursor
        for _ in 0..<Self.pages.countMax {
            let page = try await storage.records.stalledRecords(
                after: last,
                before: moment,
                limit: Self.pages.recordsMax
            )
            try await failStalled(page)
            guard !Task.isCancelled, page.count == Self.pages.recordsMax else { return nil }
            last = page.last
        }
        return last
    }

    private func failStalled(_ page: [JobRecord]) async throws {
        for record in page {
            guard !Task.isCancelled else { return }
            do {
                if let messageID = record.messageID, try await isMessageHeld(messageID) { continue }
            } catch {
                logger.debug("job_sweeper.message_unknown", metadata: ["error": "\(ErrorText.of(error))"])
                continue
            }
            // Asking took a while: a handler may have shown up meanwhile.
            guard try await storage.records.record(record.requestID)?.version == record.version else { continue }
            let message = record.status == .queued ? "the job's message is gone" : "the job shows no sign of life"
            let change = JobRecordChange.failed(code: "stalled", message: message)
            let update = try await storage.records.apply(change, to: record.requestID, now: clock.now)
            if case .changed = update {
                logger.warning(
                    "job_sweeper.record_stalled",
                    metadata: ["job_type": "\(record.jobType)", "request.id": "\(record.requestID)"]
                )
            }
        }
    }

    /// Removes in small steps, so that nobody waits for long.
    private func remove(_ step: (_ now: Date, _ limit: Int) async throws -> Int) async throws {
        for _ in 0..<Self.removal.stepsMax {
            guard !Task.isCancelled, try await step(clock.now, Self.removal.rowsMax) >= Self.removal.rowsMax else {
                return
            }
        }
    }
}
