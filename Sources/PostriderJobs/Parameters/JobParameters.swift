/// What a job is told: a type with a name, shared by those who publish the job and those who handle it.
///
/// ```swift
/// struct ResizeImage: JobParameters {
///     static let jobName = "resize-image"
///     var imageID: String
///     var width: Int
///     func validate(_ check: inout Validation) {
///         check.that((1...4_096).contains(width), "width", "must be from 1 to 4096")
///     }
/// }
/// ```
///
/// Travels as a JSON object. Dates are ISO 8601 with `Z` or an offset, data is base64.
public protocol JobParameters: Codable, Sendable {
    /// The name of the job: letters, digits, `.`, `_` and `-`; the same at both ends.
    static var jobName: String { get }

    /// The path of the job on its server; `/api/jobs/<jobName>` unless said otherwise.
    static var path: String { get }

    /// What becomes of a member that the type does not know; ignored unless said otherwise.
    static var unknownKeys: UnknownKeys { get }

    /// How often, and after what waits, a failed delivery is repeated; ``RetryProfile/standard`` unless said otherwise.
    static var retryProfile: RetryProfile { get }

    /// The label that its messages carry; none unless said otherwise.
    static var label: String? { get }

    /// Says all that is wrong with the values; called when each has its type.
    func validate(_ check: inout Validation)
}

extension JobParameters {
    /// `/api/jobs/<jobName>`.
    public static var path: String { "/api/jobs/\(jobName)" }

    /// Ignored.
    public static var unknownKeys: UnknownKeys { .ignored }

    /// ``RetryProfile/standard``.
    public static var retryProfile: RetryProfile { .standard }

    /// None.
    public static var label: String? { nil }

    /// Finds nothing wrong.
    public func validate(_ check: inout Validation) {}
}

/// What becomes of members that a type does not know.
public enum UnknownKeys: Sendable, Hashable {
    /// They are passed over.
    case ignored
    /// Each is an issue with code `unknown_key`.
    case rejected
}
