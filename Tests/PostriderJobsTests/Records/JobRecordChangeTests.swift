import Foundation
import PostriderJobs
import Testing

@Suite struct JobRecordChangeTests {
    private let queued = JobRecord(
        id: "1",
        requestID: "r",
        jobType: "resize-image",
        createdAt: Date(timeIntervalSince1970: 1_000)
    )

    private func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000 + seconds) }

    private func processing(attempt: Int = 1) throws -> JobRecord {
        try #require(queued.applying(.started(attempt: attempt, maxRetries: 3, messageID: "msg_1"), at: at(10)))
    }

    @Test func anAttemptBegins() throws {
        let record = try processing()
        #expect(record.status == .processing)
        #expect(record.attempt == 1 && record.maxRetries == 3 && record.messageID == "msg_1")
        #expect(record.startedAt == at(10) && record.heartbeatAt == at(10) && record.updatedAt == at(10))
        #expect(record.version == queued.version + 1)
    }

    @Test func theNextAttemptKeepsTheBeginningAndTheProgress() throws {
        let first = try #require(try processing().applying(.progressed(percent: 40, phase: "a"), at: at(20)))
        let second = try #require(first.applying(.started(attempt: 2, maxRetries: 3, messageID: nil), at: at(30)))
        #expect(second.attempt == 2 && second.startedAt == at(10) && second.heartbeatAt == at(30))
        #expect(second.progress == 40 && second.phase == "a" && second.messageID == "msg_1")
    }

    @Test(arguments: [(-5, 30), (0, 30), (29, 30), (31, 31), (100, 100), (250, 100)])
    func progressStaysWithinItsBoundsAndNeverDecreases(reported: Int, expected: Int) throws {
        let record = try #require(try processing().applying(.progressed(percent: 30, phase: nil), at: at(11)))
        let next = try #require(record.applying(.progressed(percent: reported, phase: nil), at: at(12)))
        #expect(next.progress == expected)
        #expect(next.heartbeatAt == at(12))
    }

    @Test func aCompletedJobIsAtOneHundred() throws {
        let record = try #require(try processing().applying(.completed(resultData: "{}"), at: at(20)))
        #expect(record.status == .completed && record.progress == 100 && record.resultData == "{}")
        #expect(record.completedAt == at(20))
    }

    @Test func aFailureKeepsTheProgress() throws {
        let half = try #require(try processing().applying(.progressed(percent: 50, phase: nil), at: at(15)))
        let record = try #require(half.applying(.failed(code: "too_large", message: "too large"), at: at(20)))
        #expect(record.status == .failed && record.progress == 50)
        #expect(record.errorCode == "too_large" && record.errorMessage == "too large")
    }

    @Test func aJobThatCannotBePublishedFails() throws {
        let record = try #require(queued.applying(.failed(code: "publish_failed", message: "no"), at: at(1)))
        #expect(record.status == .failed && record.startedAt == nil && record.completedAt == at(1))
    }

    @Test(arguments: [
        JobRecordChange.completed(resultData: nil), .failed(code: "a", message: "b"), .cancelled,
    ])
    func whatHasEndedChangesOnlyByARequeue(end: JobRecordChange) throws {
        let ended = try #require(try processing().applying(end, at: at(20)))
        for change in [
            JobRecordChange.published(messageID: "msg_9"), .started(attempt: 2, maxRetries: 3, messageID: nil),
            .progressed(percent: 100, phase: "b"), .heartbeat, .completed(resultData: nil),
            .failed(code: "c", message: "d"), .cancelled,
        ] {
            #expect(ended.applying(change, at: at(30)) == nil)
        }
        #expect(ended.applying(.requeued, at: at(30))?.status == .queued)
    }

    @Test func aRequeueClearsTheEndAndKeepsTheProgress() throws {
        let half = try #require(try processing().applying(.progressed(percent: 50, phase: "a"), at: at(15)))
        let failed = try #require(half.applying(.failed(code: "a", message: "b"), at: at(20)))
        let again = try #require(failed.applying(.requeued, at: at(60)))
        #expect(again.progress == 50 && again.attempt == 1 && again.version == failed.version + 1)
        #expect(again.errorCode == nil && again.errorMessage == nil && again.completedAt == nil)
        #expect(again.startedAt == nil && again.heartbeatAt == nil && again.messageID == nil && again.phase == nil)
    }

    @Test func aQueuedJobNeitherReportsNorCompletes() {
        for change in [
            JobRecordChange.progressed(percent: 1, phase: nil), .heartbeat, .completed(resultData: nil), .requeued,
        ] {
            #expect(queued.applying(change, at: at(1)) == nil)
        }
        #expect(queued.applying(.cancelled, at: at(1))?.status == .cancelled)
    }

    @Test func aJobThatHasBegunIsNoDuplicate() throws {
        let change = JobRecordChange.duplicated(messageID: "msg_0")
        #expect(queued.applying(change, at: at(1))?.status == .failed)
        #expect(try processing().applying(change, at: at(11)) == nil)
    }

    @Test func theMessageIsNotedAlsoWhenTheJobWasFaster() throws {
        #expect(queued.applying(.published(messageID: "msg_1"), at: at(1))?.messageID == "msg_1")
        #expect(try processing().applying(.published(messageID: "msg_1"), at: at(11)) == nil)
        #expect(try processing().applying(.published(messageID: "msg_2"), at: at(11))?.messageID == "msg_2")
    }

    @Test func aClockThatIsBehindDoesNotTurnTheTimeBack() throws {
        let record = try #require(try processing().applying(.heartbeat, at: at(5)))
        #expect(record.updatedAt == at(10))
    }

    @Test func longTextsAreCut() throws {
        let long = String(repeating: "x", count: 5_000)
        let record = try #require(try processing().applying(.progressed(percent: nil, phase: long), at: at(11)))
        #expect(record.phase?.count == 100)
        let failed = try #require(record.applying(.failed(code: "a", message: long), at: at(12)))
        #expect(failed.errorMessage?.count == 1_000)
    }
}
