package import ArgumentParser
import QStash

/// Conditions on dead letters.
package struct DeadLetterFilterOptions: ParsableArguments {
    @Option(help: .init("The dead letter of this message.", valueName: "id"))
    package var message: String?

    @Option(
        name: .customLong("status"),
        help: "Dead letters whose destination answered this last, 0 for no answer; may be repeated."
    )
    package var statuses: [Int] = []

    @OptionGroup package var filter: FilterOptions

    /// The defaults.
    package init() {}

    /// Whether no condition is given.
    var isEmpty: Bool { message == nil && statuses.isEmpty && filter.isEmpty }

    /// The filter of the client.
    var deadLetters: DeadLetterFilter { filter.deadLetters(message: message, statuses: statuses) }
}
