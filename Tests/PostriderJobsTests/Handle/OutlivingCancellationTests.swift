import PostriderJobsConformance
import Testing

@testable import PostriderJobs

@Suite struct OutlivingCancellationTests {
    private struct Refused: Error {}

    @Test func aWriteIsMadeAlthoughItsTaskIsCancelled() async {
        let results = await withTaskGroup(of: Bool.self) { group in
            group.cancelAll()
            group.addTask {
                let isCancelledOutside = Task.isCancelled
                let isCancelledInside = try? await outlivingCancellation { Task.isCancelled }
                return isCancelledOutside && isCancelledInside == false
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == [true])
    }

    @Test func aWriteThatFailsForAnotherReasonIsNotRepeated() async {
        let tally = JobBench.Tally()
        await #expect(throws: Refused.self) {
            try await outlivingCancellation {
                tally.next()
                throw Refused()
            }
        }
        #expect(tally.value == 1)
    }
}
