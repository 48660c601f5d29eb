/// Who calls a user's endpoint.
public struct Identity: Sendable, Hashable {
    /// The user; owns what it creates, and sees nothing else.
    public let userID: String

    /// Whether it may see everybody's jobs.
    public let isOperator: Bool

    /// An identity.
    public init(userID: String, isOperator: Bool = false) {
        self.userID = userID
        self.isOperator = isOperator
    }
}

/// Tells who calls, from what the request's head says.
public protocol IdentityProvider: Sendable {
    /// The caller; nil when the request names nobody, or cannot prove it, which is answered 401.
    ///
    /// - Throws: When the caller cannot be looked up now, which is answered 503.
    func identity(of request: JobRequest) async throws -> Identity?
}
