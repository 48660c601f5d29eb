package import PostriderCore

/// Reads what a callback reports and renders its body.
package struct CallbackReader: Sendable {
    private let store: any MessageStore

    package init(store: any MessageStore) {
        self.store = store
    }

    /// The callback's JSON; empty when its source is no longer kept.
    package func body(of source: CallbackSource, account: Account) async throws(StoreError) -> [UInt8] {
        guard let message = try await store.message(source.message, account: account),
            let attempt = try await store.attempt(source.attempt, account: account)
        else { return [] }
        return CallbackBody.render(
            source: message,
            attempt: attempt,
            deadLetter: source.deadLetter,
            store: store.storeID
        )
    }
}
