package import ArgumentParser
import QStash

/// `postrider messages`: what the server keeps.
package struct MessagesCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "messages",
        abstract: "Shows and cancels messages.",
        subcommands: [MessagesShowCommand.self, MessagesCancelCommand.self]
    )

    /// The defaults.
    package init() {}
}

/// `postrider messages show`: one message with its settings, headers and body.
package struct MessagesShowCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a message. Values of headers that carry credentials are hidden."
    )

    @Argument(help: "The message's id.")
    var id: String

    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Asks for the message and shows it.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let message = try await FlagNames.translating(isMessageArgument: true) {
                try await client.messages.get(MessageID(id))
            }
            context.output.write(
                output.isJSON
                    ? try JSONOutput.line(MessageRecord(message))
                    : MessageSheet.text(of: message, style: output.style(in: context))
            )
        }
    }
}
