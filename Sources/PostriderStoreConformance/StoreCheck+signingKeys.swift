import PostriderCore
import Testing

extension StoreCheck {
    private static func record(_ current: String, _ next: String, seed: SigningKeyRecord.Pair?) -> SigningKeyRecord {
        SigningKeyRecord(pair: SigningKeyRecord.Pair(current: current, next: next), seed: seed)
    }

    static let keepingSigningKeys: [StoreCheck] = [
        StoreCheck("signing keys are nil before they were first written") { store, _ in
            let stored = try await store.signingKeys(account: .standard)
            #expect(stored == nil)
        },
        StoreCheck("a change of signing keys sees what is stored and answers what is written") { store, _ in
            let first = record("a", "b", seed: SigningKeyRecord.Pair(current: "a", next: "b"))
            let written = try await store.updateSigningKeys(account: .standard) { stored in
                stored == nil ? first : SigningKeyRecord(pair: first.pair, seed: nil)
            }
            #expect(written == first)
            #expect(try await store.signingKeys(account: .standard) == first)
            let rotated = try await store.updateSigningKeys(account: .standard) { stored in
                (stored ?? record("", "", seed: nil)).rotated(next: "c")
            }
            #expect(rotated == record("b", "c", seed: first.seed))
            #expect(try await store.signingKeys(account: .standard) == rotated)
        },
        StoreCheck("signing keys without a seed are kept without one") { store, _ in
            let bare = record("a", "b", seed: nil)
            _ = try await store.updateSigningKeys(account: .standard) { _ in bare }
            #expect(try await store.signingKeys(account: .standard) == bare)
        },
        StoreCheck("rotations at once are made one after the other") { store, _ in
            _ = try await store.updateSigningKeys(account: .standard) { _ in record("0", "0", seed: nil) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        _ = try await store.updateSigningKeys(account: .standard) { stored in
                            let count = stored.flatMap { Int($0.pair.next) } ?? -1
                            return (stored ?? record("", "", seed: nil)).rotated(next: "\(count + 1)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await store.signingKeys(account: .standard)?.pair.next == "20")
        },
        StoreCheck("each account has its own signing keys") { store, _ in
            let own = record("a", "b", seed: nil)
            _ = try await store.updateSigningKeys(account: .standard) { _ in own }
            #expect(try await store.signingKeys(account: Account(name: "other")) == nil)
            let foreign = record("c", "d", seed: nil)
            _ = try await store.updateSigningKeys(account: Account(name: "other")) { stored in
                stored == nil ? foreign : own
            }
            #expect(try await store.signingKeys(account: .standard) == own)
            #expect(try await store.signingKeys(account: Account(name: "other")) == foreign)
        },
    ]
}
