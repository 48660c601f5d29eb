/// A storage does not do what it must.
public struct StorageCheckFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The name of the check.
    public let check: String

    /// What was wrong: what was seen, and what was to be seen.
    public let detail: String

    /// A failure.
    public init(check: String, detail: String) {
        self.check = check
        self.detail = detail
    }

    /// Check and detail.
    public var description: String { "\(check): \(detail)" }
}
