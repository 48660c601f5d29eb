/// A promise that does not hold.
public struct AcceptanceViolation: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was expected, and what was found.
    public let description: String

    init(_ description: String) { self.description = description }
}

/// Throws unless a condition holds.
func expect(_ condition: Bool, _ text: @autoclosure () -> String) throws(AcceptanceViolation) {
    guard condition else { throw AcceptanceViolation(text()) }
}

/// Throws unless two values are the same.
func expect<Value: Equatable>(
    _ found: Value,
    is expected: Value,
    _ what: @autoclosure () -> String
) throws(AcceptanceViolation) {
    guard found == expected else {
        throw AcceptanceViolation("\(what()): expected \(expected), found \(found)")
    }
}
