import PostriderCore
import Testing

/// One thing that every store must do, to be run against each of them.
package struct StoreCheck: Sendable, CustomTestStringConvertible {
    /// What the store does, as a sentence.
    package let testDescription: String
    private let body: @Sendable (StoreHarness) async throws -> Void

    /// A check that opens the store itself, because it opens it more than once.
    init(_ description: String, reopening body: @escaping @Sendable (StoreHarness) async throws -> Void) {
        self.testDescription = description
        self.body = body
    }

    /// A check of an empty store, with samples of its own.
    init(
        _ description: String,
        body: @escaping @Sendable (any MessageStore, SampleSource) async throws -> Void
    ) {
        self.init(description, reopening: { try await body($0.open(), SampleSource()) })
    }

    /// Tries the store; what is wrong is recorded as an issue of the running test.
    package func run(on harness: StoreHarness) async throws { try await body(harness) }

    /// Everything a store must do.
    package static let all: [StoreCheck] = [
        accepting, deduplicating, settling, repeating, cancelling, listingPending, loading, reading, logging,
        filteringLog, deadLettering, redriving, keepingSigningKeys, separatingAccounts, reopening, keepingValues,
        workingAtOnce,
    ].flatMap(\.self)
}
