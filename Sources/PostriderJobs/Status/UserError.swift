/// Why a user's request is not done; thrown by the endpoint, told to the user.
public struct UserError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The status of the answer; 400...599.
    public let status: Int

    /// What went wrong, for programs: lower case with underscores.
    public let code: String

    /// What went wrong, for people.
    public let reason: String

    /// What is wrong with the body, and where; empty when that is not it.
    public let issues: [ValidationIssue]

    /// Further fields of the answer.
    public let extras: [String: JSONValue]

    /// Whole seconds after which the request may be made again; nil when nobody knows.
    public let retryAfter: Int?

    /// An error; a status that says no error becomes 500.
    public init(
        _ status: Int,
        _ code: String,
        _ reason: String,
        issues: [ValidationIssue] = [],
        extras: [String: JSONValue] = [:],
        retryAfter: Int? = nil
    ) {
        self.status = (400...599).contains(status) ? status : 500
        self.code = code
        self.reason = reason
        self.issues = issues
        self.extras = extras
        self.retryAfter = retryAfter
    }

    /// The thing asked for does not exist, or is another's.
    public static let notFound = UserError(404, "not_found", "there is no such thing")

    static func invalid(_ issues: [ValidationIssue]) -> UserError {
        UserError(
            400,
            "invalid_request",
            "the request is not valid",
            issues: Array(issues.prefix(ValidationIssue.countMax))
        )
    }

    static func malformed(_ why: String) -> UserError {
        UserError(400, "invalid_request", "the body is not JSON: \(why)")
    }

    /// Status and code.
    public var description: String { "\(status) \(code)" }

    var answer: JobAnswer {
        .error(status, code, reason, issues: issues, extras: extras, retryAfter: retryAfter.map { Int64(max(1, $0)) })
    }
}
