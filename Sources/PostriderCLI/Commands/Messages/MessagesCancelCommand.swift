package import ArgumentParser
import QStash

/// `postrider messages cancel`: cancels messages by their ids, by a filter, or all.
package struct MessagesCancelCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels messages: what waits is removed, what is being delivered is not delivered again.",
        discussion: "Give ids, conditions, or --all with --yes."
    )

    @Argument(help: "The messages' ids.")
    var ids: [String] = []

    @Flag(help: "Cancel every message of the account; needs --yes.")
    var all = false

    @Flag(help: "Do what cannot be undone.")
    var yes = false

    @OptionGroup(title: "Conditions") var filter: FilterOptions
    @OptionGroup(title: "Conditions") var place: PlaceOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Exactly one of ids, conditions and `--all` says what is cancelled.
    package func validate() throws {
        let hasFilter = !filter.isEmpty || !place.isEmpty
        switch [!ids.isEmpty, hasFilter, all].count(where: { $0 }) {
        case 0: throw ValidationError("give ids, conditions such as --label, or --all")
        case 1: break
        default: throw ValidationError("ids, conditions and --all exclude one another")
        }
        if all, !yes { throw ValidationError("--all cancels every message of the account: add --yes if that is meant") }
    }

    /// Cancels, and says how many.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let cancelled = try await FlagNames.translating(isMessageArgument: true) { try await cancel(with: client) }
            if output.isJSON {
                context.output.write(try JSONOutput.line(["cancelled": cancelled]))
            } else {
                let asked = ids.isEmpty ? "" : " of \(ids.count)"
                context.output.write("cancelled \(cancelled)\(asked)\n")
            }
            if !ids.isEmpty, cancelled < ids.count {
                try context.remark("the others are unknown, or done already", isJSON: output.isJSON)
            }
        }
    }

    private func cancel(with client: QStashClient) async throws -> Int {
        if all { return try await client.messages.cancelAll() }
        if ids.isEmpty { return try await client.messages.cancel(matching: filter.messages(place: place)) }
        // One alone is asked for by its path, and unknown it is an error.
        if ids.count == 1 { return try await client.messages.cancel(MessageID(ids[0])) }
        var cancelled = 0
        do {
            for chunk in ids.map({ MessageID($0) }).chunks() { cancelled += try await client.messages.cancel(chunk) }
        } catch let error as QStashError where cancelled > 0 {
            throw PartialFailure(error: error, done: cancelled, total: ids.count, verb: "cancelled")
        }
        return cancelled
    }
}
