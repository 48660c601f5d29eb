package import ArgumentParser
import QStash

/// `postrider dlq delete`: removes dead letters for good.
package struct DLQDeleteCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "delete",
        abstract: "Deletes dead letters for good.",
        discussion: "Give ids, conditions, or --all with --yes."
    )

    @OptionGroup var selection: DeadLetterSelection
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Deletes, and says how many.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let (ids, hasMore) = try await FlagNames.translating { try await selection.resolve(with: client) }
            var deleted = 0
            do {
                try await FlagNames.translating {
                    for chunk in ids.chunks() { deleted += try await delete(chunk, with: client) }
                }
            } catch  where deleted > 0 {
                throw PartialFailure(error: error, done: deleted, total: ids.count, verb: "deleted")
            }
            if output.isJSON {
                context.output.write(try JSONOutput.line(["deleted": deleted]))
            } else {
                context.output.write("deleted \(deleted) of \(ids.count)\n")
            }
            if selection.isNamed, deleted < ids.count {
                try context.remark("the others are unknown, or deleted already", isJSON: output.isJSON)
            }
            if hasMore { try context.remark("there are more: run the command again", isJSON: output.isJSON) }
        }
    }

    private func delete(_ ids: [DeadLetterID], with client: QStashClient) async throws -> Int {
        // One alone is asked for by its path, and unknown it is an error.
        if selection.isNamed, selection.ids.count == 1 {
            try await client.dlq.delete(ids[0])
            return 1
        }
        return try await client.dlq.delete(ids)
    }
}
