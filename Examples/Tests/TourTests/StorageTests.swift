import Logging
import PostriderJobs
import PostriderJobsConformance
import PostriderTestKit
import Synchronization
import Testing
import Tour

/// A storage is what its checks say.
@Suite struct StorageTests {
    @Test(arguments: StorageCheck.all)
    func conforms(to check: StorageCheck) async throws {
        try await check.run(on: .inMemory())
        #expect(!check.name.isEmpty)
    }

    @Test func aPartMayBeElsewhere() async throws {
        let counters = JobStorage.inMemory().rateLimits
        let storage = StorageTour.mixed(.inMemory(), counters: counters)
        let limit = RateLimit(requests: 1, per: .seconds(60))
        let now = TestBroker().jobClock.now
        #expect(try await storage.rateLimits.hit("key", limit: limit, now: now).isAllowed)
        #expect(try await !counters.hit("key", limit: limit, now: now).isAllowed)
    }

    @Test func aMailGoesOutOnce() async throws {
        let broker = TestBroker()
        let idempotency = Idempotency(
            ledger: JobStorage.inMemory().ledger,
            clock: broker.jobClock,
            randomBytes: broker.jobRandomBytes,
            logger: Logger(label: "tour")
        )
        let mails = Mutex(0)
        for isFirst in [true, false] {
            let sent = try await StorageTour.once(idempotency, invoice: "17") { _ in mails.withLock { $0 += 1 } }
            #expect(sent == isFirst)
        }
        #expect(mails.withLock { $0 } == 1)
    }
}
