package import PostriderCore
import QStashWire
import Synchronization

/// The signing keys in force, per account, read from the store once and then kept.
package final class SigningKeyring: Sendable {
    private struct Entry {
        var record: SigningKeyRecord
        var current: SigningKey
    }

    private let store: any MessageStore
    private let random: any RandomSource
    private let entries = Mutex<[Account: Entry]>([:])

    private static let keyCharacters = 28

    package init(store: any MessageStore, random: any RandomSource) {
        self.store = store
        self.random = random
    }

    /// Puts an account's keys in force at start; see ``SigningKeyRecord/seeded(_:seed:fresh:)``.
    ///
    /// - Returns: True when a pair that was stored has been replaced by the environment's.
    package func seed(_ account: Account, with seed: SigningKeyRecord.Pair?) async throws(StoreError) -> Bool {
        let fresh = SigningKeyRecord.Pair(current: freshKey(), next: freshKey())
        let before = try await store.signingKeys(account: account)
        let record = try await store.updateSigningKeys(account: account) { stored in
            SigningKeyRecord.seeded(stored, seed: seed, fresh: fresh)
        }
        try keep(record, for: account)
        return before != nil && before?.pair != record.pair
    }

    /// The account's pair.
    package func pair(of account: Account) async throws(StoreError) -> SigningKeyRecord.Pair {
        try await entry(of: account).record.pair
    }

    /// The key that signs the account's deliveries now.
    func signingKey(of account: Account) async throws(StoreError) -> SigningKey {
        if let entry = entries.withLock({ $0[account] }) { return entry.current }
        return try await entry(of: account).current
    }

    /// Makes the next key current and a fresh one next.
    package func rotate(_ account: Account) async throws(StoreError) -> SigningKeyRecord.Pair {
        let next = freshKey()
        let fresh = SigningKeyRecord.Pair(current: freshKey(), next: freshKey())
        let record = try await store.updateSigningKeys(account: account) { stored in
            (stored ?? SigningKeyRecord(pair: fresh, seed: nil)).rotated(next: next)
        }
        try keep(record, for: account)
        return record.pair
    }

    private func entry(of account: Account) async throws(StoreError) -> Entry {
        if let entry = entries.withLock({ $0[account] }) { return entry }
        _ = try await seed(account, with: nil)
        guard let entry = entries.withLock({ $0[account] }) else {
            throw StoreError(.unavailable, detail: "signing keys were not kept")
        }
        return entry
    }

    private func keep(_ record: SigningKeyRecord, for account: Account) throws(StoreError) {
        guard let current = SigningKey(record.pair.current) else {
            throw StoreError(.unreadable, detail: "the stored signing key is empty")
        }
        entries.withLock { $0[account] = Entry(record: record, current: current) }
    }

    private func freshKey() -> String { "sig_" + random.text(count: Self.keyCharacters) }
}
