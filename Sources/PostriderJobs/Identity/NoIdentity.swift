/// Knows nobody: every endpoint of a user answers 401.
///
/// What a server has that is not on loopback and was told nothing about its users: who forgets to configure identity must not find the jobs
/// of all users open to everyone.
public struct NoIdentity: IdentityProvider {
    /// Knows nobody.
    public init() {}

    /// Nil.
    public func identity(of request: JobRequest) -> Identity? { nil }
}
