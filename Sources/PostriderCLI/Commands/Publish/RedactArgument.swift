import ArgumentParser
import QStash

/// What to redact, on the command line: `body`, `header` for all headers, `header[Name]` for one.
package enum RedactArgument: ExpressibleByArgument, Sendable, Hashable {
    case body
    case headers
    case header(named: String)

    /// Reads the forms of the wire, `headers` and `headers[Name]` too; nil for anything else.
    package init?(argument: String) {
        switch argument {
        case "body": self = .body
        case "header", "headers": self = .headers
        default:
            let prefix = ["header[", "headers["].first { argument.hasPrefix($0) }
            guard let prefix, argument.hasSuffix("]"), argument.utf8.count > prefix.utf8.count + 1 else { return nil }
            self = .header(named: String(argument.dropFirst(prefix.count).dropLast()))
        }
    }
}

extension Redaction {
    /// All of the parts together; nil for none.
    init?(_ parts: [RedactArgument]) {
        guard !parts.isEmpty else { return nil }
        var names: [String] = []
        for case .header(named: let name) in parts { names.append(name) }
        self.init(
            body: parts.contains(.body),
            headers: parts.contains(.headers) ? .all : names.isEmpty ? .none : .named(names)
        )
    }
}
