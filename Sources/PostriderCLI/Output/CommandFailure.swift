/// A command that cannot do what it was asked, for a reason of its own rather than the server's.
package struct CommandFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// How the command ends.
    package let status: ExitStatus

    /// A stable name for programs, in snake case.
    package let code: String

    /// What went wrong, in one line, without secrets.
    package let message: String

    /// What to do about it; nil when the message says it.
    package let advice: String?

    /// A failure with its parts.
    package init(_ status: ExitStatus, code: String, _ message: String, advice: String? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// The code and the message.
    package var description: String { "\(code): \(message)" }
}
