import PostriderJobs
import PostriderJobsConformance
import Testing

@Suite struct DeadLetterAlertTests {
    @Test func aLongListIsAnAlertOfItsOwn() async throws {
        let bench = try JobBench("threshold", .inMemory()) { _, _ in .failed(code: "no", reason: "never") }
        for number in 0..<100 { try await bench.send("\(number)") }
        #expect(!bench.alerts.contains("qstash.dlq_threshold_exceeded"))
        try await bench.send("100")
        #expect(bench.alerts.suffix(2) == ["qstash.dlq_entry_created", "qstash.dlq_threshold_exceeded"])
    }
}
