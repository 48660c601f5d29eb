import Foundation
import Testing

@Suite struct SchedulerModelTests {
    /// `SCHEDULER_SEED=42` replays one run.
    private static let seeds: [UInt64] = {
        if let seed = ProcessInfo.processInfo.environment["SCHEDULER_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        return Array(0..<150)
    }()

    @Test func nothingIsLostOrOpenTwiceAndCapsHoldWhateverHappens() {
        var startedCount = 0
        for seed in Self.seeds {
            var model = SchedulerModel(seed: seed)
            model.run(events: 1_500)
            startedCount += model.startedCount
            #expect(model.violations == [], "SCHEDULER_SEED=\(seed)")
        }
        // Runs in which nothing starts would prove nothing.
        #expect(startedCount > Self.seeds.count * 100)
    }
}
