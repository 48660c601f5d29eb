package import ArgumentParser
import QStash

/// `postrider dlq`: the messages that were given up.
package struct DLQCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "dlq",
        abstract: "Lists, shows, retries and deletes dead letters: messages that were given up.",
        subcommands: [DLQListCommand.self, DLQShowCommand.self, DLQRetryCommand.self, DLQDeleteCommand.self]
    )

    /// The defaults.
    package init() {}
}

/// `postrider dlq show`: one dead letter with the answer that ended it.
package struct DLQShowCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract:
            "Shows a dead letter and the answer that ended it. Values of headers that carry credentials are hidden."
    )

    @Argument(help: "The dead letter's id, which is not the message's.")
    var id: String

    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Asks for the entry and shows it.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let letter = try await FlagNames.translating { try await client.dlq.get(DeadLetterID(id)) }
            context.output.write(
                output.isJSON
                    ? try JSONOutput.line(DeadLetterRecord(letter))
                    : MessageSheet.text(of: letter, style: output.style(in: context))
            )
        }
    }
}
