import ArgumentParser
import PostriderCLI

/// The command `postrider`.
struct Postrider: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postrider",
        abstract: "Runs background jobs over HTTP: a broker that speaks the wire protocol of Upstash QStash.",
        discussion: "Postrider is not affiliated with Upstash.",
        version: Version.text,
        subcommands: [VersionCommand.self],
        groupedSubcommands: [
            CommandGroup(name: "Server", subcommands: [ServeCommand.self, DoctorCommand.self]),
            CommandGroup(
                name: "Messages",
                subcommands: [
                    PublishCommand.self, ListenCommand.self, EventsCommand.self, MessagesCommand.self, DLQCommand.self,
                ]
            ),
            CommandGroup(name: "Jobs", subcommands: [JobsCommand.self]),
            CommandGroup(name: "Set-up", subcommands: [KeysCommand.self, CompletionsCommand<Postrider>.self]),
        ]
    )
}

/// `postrider version`.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Prints the version.")

    func run() {
        print("postrider \(Version.text)")
    }
}

/// The version of this program.
enum Version {
    static let text = "0.1.0"
}
