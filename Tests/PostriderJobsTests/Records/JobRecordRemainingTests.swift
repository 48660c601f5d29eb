import Foundation
import PostriderJobs
import Testing

@Suite struct JobRecordRemainingTests {
    private func at(_ seconds: Double) -> Date { Date(timeIntervalSince1970: 1_000 + seconds) }

    /// A record that waited 100 s and then reported what it is told: percent by the second.
    private func record(_ reports: [(second: Double, percent: Int)]) throws -> JobRecord {
        var record = JobRecord(id: "1", requestID: "r", jobType: "a", createdAt: at(-100))
        record = try #require(record.applying(.started(attempt: 1, maxRetries: 3, messageID: nil), at: at(0)))
        for report in reports {
            record = try #require(
                record.applying(.progressed(percent: report.percent, phase: nil), at: at(report.second))
            )
        }
        return record
    }

    @Test func nothingIsToldBeforeAnythingIsReported() throws {
        #expect(try record([]).remainingSeconds == nil)
        #expect(try record([(5, 0)]).remainingSeconds == nil)
    }

    @Test func oneReportIsReckonedByTheAverageWithoutTheTimeInTheQueue() throws {
        #expect(try record([(10, 20)]).remainingSeconds == 40)
    }

    @Test func belowThreePercentTheAverageCounts() throws {
        let record = try record([(10, 1), (20, 2)])
        #expect(record.rate == 0.1)
        #expect(record.remainingSeconds == 980)
    }

    @Test func twoReportsGiveARate() throws {
        let record = try record([(10, 20), (20, 40)])
        #expect(record.rate == 2)
        #expect(record.remainingSeconds == 30)
    }

    @Test func theLatestGainWeighsThreeTenths() throws {
        let record = try record([(10, 20), (20, 40), (30, 50)])
        let rate = try #require(record.rate)
        #expect(abs(rate - (0.3 * 1 + 0.7 * 2)) < 1e-12)
        #expect(record.remainingSeconds == 29)
    }

    @Test func aReportWithoutGainIsPartOfTheNextOne() throws {
        let record = try record([(10, 20), (20, 20), (30, 40)])
        #expect(record.rate == 1)
    }

    @Test func theWaitBetweenAttemptsIsNoGain() throws {
        let first = try record([(10, 20), (20, 40)])
        let second = try #require(first.applying(.started(attempt: 2, maxRetries: 3, messageID: nil), at: at(500)))
        #expect(second.rate == nil)
        let behind = try #require(second.applying(.progressed(percent: 10, phase: nil), at: at(501)))
        #expect(behind.progress == 40 && behind.progressAt == nil)
        let caughtUp = try #require(behind.applying(.progressed(percent: 40, phase: nil), at: at(510)))
        let further = try #require(caughtUp.applying(.progressed(percent: 50, phase: nil), at: at(520)))
        #expect(further.rate == 1)
    }

    @Test func neverMoreThanADay() throws {
        #expect(try record([(10, 3), (100_010, 4)]).remainingSeconds == 86_400)
    }

    @Test func nothingIsToldOnceItHasEnded() throws {
        let record = try record([(10, 20), (20, 40)])
        #expect(record.applying(.completed(resultData: nil), at: at(21))?.remainingSeconds == nil)
        #expect(record.applying(.failed(code: "a", message: "b"), at: at(21))?.remainingSeconds == nil)
    }

    @Test func twoReportsInOneInstantAreNoRate() throws {
        let record = try record([(10, 20), (10, 40)])
        #expect(record.rate == nil && record.progress == 40)
    }
}
