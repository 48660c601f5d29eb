import Foundation
import PostriderSimulation
import Testing

/// The real accept, schedule, deliver and settle code under a seeded executor on virtual time.
@Suite struct SimulationTests {
    /// `SIMULATION_SEEDS=1000` runs more; `SIMULATION_SEED=42` replays one.
    private static let seeds: [UInt64] = {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["SIMULATION_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        return Array(0..<(environment["SIMULATION_SEEDS"].flatMap { UInt64($0) } ?? 200))
    }()

    @Test func everyAcknowledgedMessageEndsOnceWhateverFails() async throws {
        var acceptedCount = 0
        for seed in Self.seeds {
            let outcome = try await SimulationDriver.onOwnThread { SimulationRun(seed: seed).run() }
            acceptedCount += outcome.acceptedCount
            #expect(outcome.violations == [], "seed \(seed)")
        }
        // A run that accepts nothing would prove nothing.
        #expect(acceptedCount > Self.seeds.count * 10)
    }

    @Test(arguments: [1, 7, 23] as [UInt64])
    func aSeedReplaysToTheSameTrace(seed: UInt64) async throws {
        let first = try await SimulationDriver.onOwnThread { SimulationRun(seed: seed).run() }
        let second = try await SimulationDriver.onOwnThread { SimulationRun(seed: seed).run() }
        #expect(!first.trace.isEmpty)
        #expect(first.trace == second.trace)
    }
}
