import ArgumentParser
package import HTTPTypes

/// A header on the command line: `name=value`.
package struct HeaderArgument: ExpressibleByArgument, Sendable, Hashable {
    /// The header itself.
    package let field: HTTPField

    /// Reads the form; nil when the name or the value cannot stand in a header.
    package init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, let name = HTTPField.Name(String(parts[0])) else { return nil }
        let value = String(parts[1])
        // A field would turn what is not allowed into blanks and say nothing.
        guard HTTPField.isValidValue(value) else { return nil }
        field = HTTPField(name: name, value: value)
    }
}
