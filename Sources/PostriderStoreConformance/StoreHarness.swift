package import PostriderCore

/// Gives a check the store it is to try, and opens it anew on the same data.
package struct StoreHarness: Sendable {
    private let reopenStore: @Sendable () async throws -> any MessageStore

    /// - Parameter open: The first call opens an empty store; each later call closes the last one and opens its data again.
    package init(open: @escaping @Sendable () async throws -> any MessageStore) {
        self.reopenStore = open
    }

    /// The store: empty at first, then with everything that was stored before.
    package func open() async throws -> any MessageStore { try await reopenStore() }
}
