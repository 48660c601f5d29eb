import Logging
public import ServiceLifecycle

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Passes on to the status streams of a server which records change, whoever changes them.
///
/// Run it beside the server. Without it streams look at their record every two seconds, and so tell of changes a little later.
public struct JobRecordWatch: Service {
    private let records: any JobRecordStore
    private let hub: JobRecordHub
    private let clock: any JobClock
    private let logger: Logger

    /// How long it waits after the first failure, and at most: each further failure doubles the wait.
    static let backOff: (first: Duration, max: Duration) = (.milliseconds(100), .seconds(10))

    /// A watch for a server, over its own storage.
    public init(_ server: JobServer) {
        self.init(server.environment)
    }

    init(_ environment: JobEnvironment) {
        records = environment.storage.records
        hub = environment.hub
        clock = environment.clock
        logger = environment.logger
    }

    /// Watches until shutdown; when the storage breaks off, watches anew after a while.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await watch() }
    }

    private func watch() async {
        var wait = Self.backOff.first
        while !Task.isCancelled {
            let startedAt = clock.now
            do {
                try await records.watch { [hub] requestID in hub.tell(requestID) }
            } catch {
                guard !Task.isCancelled else { return }
                logger.debug("job_records.watch_failed", metadata: ["error": "\(ErrorText.of(error))"])
            }
            // A watch that held for a while has earned a quick return.
            if clock.now.timeIntervalSince(startedAt) > Self.backOff.max.inSeconds { wait = Self.backOff.first }
            do { try await clock.sleep(for: wait) } catch { return }
            wait = min(wait * 2, Self.backOff.max)
        }
    }
}
