import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@Suite struct FaultyStoreTests {
    private let wrapped = MemoryStore(storeID: StoreID(rawValue: 7))

    private func acceptance(_ key: Int64) throws -> [Acceptance] {
        let message = Message(
            key: MessageKey(rawValue: key),
            account: .standard,
            destination: try DestinationURL(parsing: "https://example.com/"),
            createdAt: Timestamp(milliseconds: 0),
            notBefore: Timestamp(milliseconds: 0),
            settings: MessageSettings(),
            body: .bytes([])
        )
        return [Acceptance(message: message)]
    }

    @Test func failureBeforeTheWriteLeavesNothing() async throws {
        let store = FaultyStore(wrapped, failing: .beforeWrite(.accept, call: 1, code: .full))
        let error = await #expect(throws: StoreError.self) { _ = try await store.accept(acceptance(1)) }
        #expect(error?.code == .full)
        #expect(try await wrapped.pendingCount() == 0)
        #expect(try await store.accept(acceptance(1)) == [.accepted])
    }

    @Test func failureAfterTheWriteLeavesWhatWasWritten() async throws {
        let store = FaultyStore(wrapped, failing: .afterWrite(.accept, call: 2))
        _ = try await store.accept(acceptance(1))
        await #expect(throws: StoreError.self) { _ = try await store.accept(acceptance(2)) }
        #expect(try await wrapped.pendingCount() == 2)
        #expect(store.callCount(.accept) == 2)
    }

    @Test func nothingPassesOnceTheProcessIsDead() async throws {
        let crash = CrashSwitch()
        let store = FaultyStore(wrapped, failing: .crash(.after, .accept, call: 1), crash: crash)
        let error = await #expect(throws: StoreError.self) { _ = try await store.accept(acceptance(1)) }
        #expect(error?.code == .closed)
        #expect(crash.isThrown)
        await #expect(throws: StoreError.self) { _ = try await store.accept(acceptance(2)) }
        await #expect(throws: StoreError.self) { _ = try await store.pendingCount() }
        #expect(try await wrapped.pendingCount() == 1)
        let next = FaultyStore(wrapped)
        #expect(try await next.accept(acceptance(2)) == [.accepted])
    }

    @Test func aSeedRepeatsItsFaults() {
        func faults(seed: UInt64) -> [StoreFault?] {
            let plan = FaultPlan.seeded(SeededRandom(seed: seed), perThousand: 300, verbs: [.settle])
            return (1...200).map { plan.fault(.settle, call: $0) }
        }
        #expect(faults(seed: 1) == faults(seed: 1))
        #expect(faults(seed: 1) != faults(seed: 2))
        #expect((20...120).contains(faults(seed: 1).count { $0 != nil }))
    }
}
