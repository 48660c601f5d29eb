import Foundation
import Synchronization
import Testing

@testable import PostriderJobs

@Suite struct MemoryRecordsTests {
    private func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_790_000_000 + seconds) }

    @Test func recordsOfDuplicatesDoNotPileUp() async throws {
        let storage = MemoryJobStorage()
        for hour in 0..<1_000 {
            let now = at(Double(hour) * 3_600)
            let requestID = "request-\(hour)"
            try await storage.create(
                JobRecord(id: requestID, requestID: requestID, jobType: "resize-image", createdAt: now)
            )
            _ = try await storage.apply(.duplicated(messageID: "msg_1"), to: requestID, now: now)
            // A week has 168 hours.
            #expect(storage.state.withLock { $0.records.count } <= 170)
        }
    }
}
