import ArgumentParser

/// The command `postrider`.
@main
struct Postrider: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "postrider",
        abstract: "Runs background jobs over HTTP: a broker that speaks the wire protocol of Upstash QStash.",
        discussion: "Postrider is not affiliated with Upstash.",
        version: Version.text,
        subcommands: [ServeCommand.self, VersionCommand.self]
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
