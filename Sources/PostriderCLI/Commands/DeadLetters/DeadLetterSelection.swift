package import ArgumentParser
import QStash

/// Which dead letters a command acts on: ids, conditions, or all.
package struct DeadLetterSelection: ParsableArguments {
    /// Entries that one run with conditions or `--all` acts on at most: their ids are held at once.
    static let idsMax = 100_000

    private static let pageSize = 100

    @Argument(help: "The dead letters' ids, which are not those of the messages.")
    package var ids: [String] = []

    @Flag(help: "Act on every dead letter of the account; needs --yes.")
    package var all = false

    @Flag(help: "Do what cannot be undone.")
    package var yes = false

    @OptionGroup(title: "Conditions") package var filter: DeadLetterFilterOptions

    /// The defaults.
    package init() {}

    /// Exactly one of ids, conditions and `--all` says what is meant.
    package func validate() throws {
        switch [!ids.isEmpty, !filter.isEmpty, all].count(where: { $0 }) {
        case 0: throw ValidationError("give ids, conditions such as --label, or --all")
        case 1: break
        default: throw ValidationError("ids, conditions and --all exclude one another")
        }
        if all, !yes { throw ValidationError("--all means every dead letter: add --yes if that is meant") }
    }

    /// Whether the ids were named one by one, so that a missing one is an error.
    var isNamed: Bool { !ids.isEmpty }

    /// The ids that are there now; what fails again while they are acted on is not among them.
    ///
    /// Listing and acting on ids works on any server, and does not retry without end what fails at once.
    ///
    /// - Returns: The ids, and whether there are more than are acted on at once.
    func resolve(with client: QStashClient) async throws -> (ids: [DeadLetterID], hasMore: Bool) {
        guard ids.isEmpty else { return (ids.map { DeadLetterID($0) }, false) }
        var found: [DeadLetterID] = []
        for try await letter in client.dlq.all(matching: filter.deadLetters, pageSize: Self.pageSize) {
            guard found.count < Self.idsMax else { return (found, true) }
            found.append(letter.id)
        }
        return (found, false)
    }
}
