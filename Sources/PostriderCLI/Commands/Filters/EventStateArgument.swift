package import ArgumentParser
import QStash

/// A state of the log on the command line: `DELIVERED`, `delivered`, `cancel-requested`.
package struct EventStateArgument: ExpressibleByArgument, Sendable, Hashable {
    private static let known: [Event.State] = [
        .created, .active, .retry, .error, .inProgress, .delivered, .failed, .cancelRequested, .cancelled,
    ]

    /// The states in small letters, as they are proposed.
    package static var allValueStrings: [String] { known.map { $0.rawValue.lowercased() } }

    /// What a shell proposes.
    package static var defaultCompletionKind: CompletionKind { .list(allValueStrings) }

    /// The state itself.
    let state: Event.State

    /// Reads a name in any case, with `-` or `_`; nil for an unknown one.
    package init?(argument: String) {
        let name = String(argument.uppercased().map { $0 == "-" ? "_" : $0 })
        let state = Event.State(rawValue: name)
        guard Self.known.contains(state) else { return nil }
        self.state = state
    }
}
