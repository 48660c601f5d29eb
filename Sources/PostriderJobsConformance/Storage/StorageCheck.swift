public import PostriderJobs

/// One thing that every storage of the framework must do.
///
/// For those who write a storage: run each of ``all`` on an empty storage of yours. With Swift Testing:
///
/// ```swift
/// @Test(arguments: StorageCheck.all)
/// func conforms(to check: StorageCheck) async throws { try await check.run(on: MyStorage.empty()) }
/// ```
public struct StorageCheck: Sendable, CustomStringConvertible {
    /// What the storage does, as a sentence; unique among ``all``.
    public let name: String

    private let body: @Sendable (StorageTrial) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (StorageTrial) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// The name.
    public var description: String { name }

    /// Tries a storage.
    ///
    /// - Parameter storage: Empty, and used by nobody else meanwhile. What the check writes is left behind.
    /// - Throws: ``StorageCheckFailure`` when the storage does otherwise, and whatever the storage throws.
    public func run(on storage: JobStorage) async throws {
        try await body(StorageTrial(storage: storage, check: name))
    }

    /// Everything that a storage must do.
    public static let all: [StorageCheck] = [
        locking, renewing, releasing, committing, forgetting, reserving, recording, changingRecords, watching,
        limitingRates, breakingCircuits, deadLettering,
    ].flatMap(\.self)
}
