/// How a handler ended.
///
/// ```swift
/// return .done(["width": .integer(640)])
/// return .skipped(reason: "unchanged")
/// return .retry(after: .seconds(60), reason: "the provider asks to wait")
/// return .failed(code: "file_missing", reason: "the file was deleted")
/// ```
public struct JobOutcome: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case done([String: JSONValue])
        case skipped(reason: String, [String: JSONValue])
        case retry(after: Duration?, reason: String)
        case failed(code: String, reason: String, issues: [ValidationIssue], extras: [String: JSONValue])
    }

    let kind: Kind

    /// The work is done: answer 200, and the same message is not handled again.
    public static let done = JobOutcome(kind: .done([:]))

    /// The work is done.
    ///
    /// - Parameter fields: Go into the answer beside `"ok":true`, and into the job's record as its result.
    public static func done(_ fields: [String: JSONValue]) -> JobOutcome { JobOutcome(kind: .done(fields)) }

    /// There was nothing to do: answer 200 with `"skipped":true`, and the same message is not handled again.
    public static func skipped(reason: String, _ fields: [String: JSONValue] = [:]) -> JobOutcome {
        JobOutcome(kind: .skipped(reason: reason, fields))
    }

    /// It did not work this time: answer 500 `internal`, and the broker tries again as often as the message allows.
    ///
    /// - Parameters:
    ///   - delay: Goes out as `Retry-After` in whole seconds, rounded up; nil leaves the wait to the message's own retry delay.
    ///   - reason: Goes into the answer and the log.
    public static func retry(after delay: Duration? = nil, reason: String) -> JobOutcome {
        JobOutcome(kind: .retry(after: delay, reason: reason))
    }

    /// It can never work: answer 489, and the message goes to the dead letters at once.
    ///
    /// - Parameters:
    ///   - code: For programs, in lower case with underscores; `error` of the answer.
    ///   - reason: For people; `reason` of the answer.
    ///   - extras: Further members of the answer.
    public static func failed(
        code: String,
        reason: String,
        extras: [String: JSONValue] = [:]
    ) -> JobOutcome {
        JobOutcome(kind: .failed(code: code, reason: reason, issues: [], extras: extras))
    }

    static func failed(code: String, reason: String, issues: [ValidationIssue]) -> JobOutcome {
        JobOutcome(kind: .failed(code: code, reason: reason, issues: issues, extras: [:]))
    }

    /// Whether the delivery is over with it: done or skipped.
    ///
    /// Only then is anything committed.
    public var isSuccess: Bool {
        switch kind {
        case .done, .skipped: true
        case .retry, .failed: false
        }
    }

    /// What the job's record keeps as its result, as JSON text of an object; nil when the outcome says nothing.
    public var resultData: String? {
        switch kind {
        case .done(let fields): fields.isEmpty ? nil : JSONValue.object(fields).text
        case .skipped(let reason, let fields):
            JSONValue.object(fields.merging(["skipped": true, "reason": .string(reason)]) { $1 }).text
        case .retry, .failed: nil
        }
    }
}

/// What a handler throws to say how the job fails; anything else it throws is a failure to be tried again, with nothing told of it.
public struct JobFailure: Error, Sendable, Hashable {
    let outcome: JobOutcome

    /// It can never work.
    ///
    /// - Parameter issues: What exactly is wrong with the parameters, for the answer; empty when that is not it.
    public static func permanent(_ code: String, _ reason: String, issues: [ValidationIssue] = []) -> JobFailure {
        JobFailure(outcome: .failed(code: code, reason: reason, issues: issues))
    }

    /// It did not work this time.
    public static func retry(after delay: Duration? = nil, reason: String) -> JobFailure {
        JobFailure(outcome: .retry(after: delay, reason: reason))
    }
}
