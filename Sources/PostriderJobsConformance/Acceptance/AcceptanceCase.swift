public import PostriderJobs

/// One case of what the framework promises (application reference, section 15), to be run on any storage.
///
/// ```swift
/// @Test(arguments: AcceptanceCase.hooks)
/// func holds(_ acceptance: AcceptanceCase) async {
///     await #expect(throws: Never.self) { try await acceptance.run(MyStorage.fresh()) }
/// }
/// ```
public struct AcceptanceCase: Sendable {
    /// What is promised, in the words of the reference.
    public let name: String

    /// Tries it.
    ///
    /// Throws an error that says what was expected and what was found when the promise is broken. The storage must be empty.
    public let run: @Sendable (JobStorage) async throws -> Void

    init(_ name: String, _ run: @escaping @Sendable (JobStorage) async throws -> Void) {
        self.name = name
        self.run = run
    }
}

extension AcceptanceCase: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
