/// Collects what is wrong with a value: every problem, each with its place.
///
/// ```swift
/// func validate(_ check: inout Validation) {
///     check.that(!name.isEmpty, "name", "must not be empty")
///     check.at("address") { address.validate(&$0) }
/// }
/// ```
public struct Validation: Sendable {
    /// What was found so far; at most 100.
    public private(set) var issues: [ValidationIssue] = []

    private var prefix: [JSONPathElement] = []

    /// Nothing found yet.
    public init() {}

    /// Records an issue about a member unless a condition holds.
    ///
    /// - Parameters:
    ///   - field: The member that it is about.
    ///   - message: What must be, for people.
    ///   - code: The same for programs.
    public mutating func that(
        _ condition: Bool,
        _ field: JSONPathElement,
        _ message: @autoclosure () -> String,
        code: String = "invalid_value"
    ) {
        if !condition { issue(at: [field], code: code, message: message()) }
    }

    /// Records an issue about a place further in, or about the whole (an empty path), unless a condition holds.
    public mutating func that(
        _ condition: Bool,
        at path: [JSONPathElement],
        _ message: @autoclosure () -> String,
        code: String = "invalid_value"
    ) {
        if !condition { issue(at: path, code: code, message: message()) }
    }

    /// Records an issue.
    public mutating func issue(at path: [JSONPathElement], code: String = "invalid_value", message: String) {
        guard issues.count < ValidationIssue.countMax else { return }
        issues.append(ValidationIssue(path: prefix + path, code: code, message: message))
    }

    /// Looks at something further in: issues found there get its path in front.
    public mutating func at<Failure: Error>(
        _ path: JSONPathElement...,
        body: (inout Validation) throws(Failure) -> Void
    ) throws(Failure) {
        prefix.append(contentsOf: path)
        defer { prefix.removeLast(path.count) }
        try body(&self)
    }
}
