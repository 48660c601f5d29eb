package import ArgumentParser
import QStash

/// `postrider keys`: the keys that deliveries are signed with.
package struct KeysCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "keys",
        abstract: "Shows and rotates the keys that deliveries are signed with.",
        subcommands: [KeysShowCommand.self, KeysRotateCommand.self],
        defaultSubcommand: KeysShowCommand.self
    )

    /// The defaults.
    package init() {}
}

/// `postrider keys show`: both keys, on a terminal.
package struct KeysShowCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows the signing keys, which are secrets: to a terminal, or elsewhere with --reveal."
    )

    @Flag(help: "As lines for a shell: export QSTASH_CURRENT_SIGNING_KEY=… and the next one.")
    var export = false

    @OptionGroup var reveal: RevealOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// One form at a time.
    package func validate() throws {
        if export, output.isJSON { throw ValidationError("--export and --json exclude each other") }
    }

    /// Asks for the keys and shows them.
    package func run() async throws {
        try await output.run { context in
            try reveal.check(context)
            let keys = try await server.client(in: context).signingKeys.get()
            context.output.write(try KeyText.text(of: keys, isExport: export, isJSON: output.isJSON))
        }
    }
}

/// `postrider keys rotate`: the next key becomes the current one, and a new key the next.
package struct KeysRotateCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "rotate",
        abstract: "Makes the next key the current one and a new key the next, and shows both.",
        discussion: """
            Receivers that know the old pair go on until the next rotation: give them the new pair before it. A rotation cannot be \
            undone, so it needs --yes.
            """
    )

    @Flag(help: "Do what cannot be undone.")
    var yes = false

    @OptionGroup var reveal: RevealOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// A rotation is confirmed.
    package func validate() throws {
        guard yes else {
            throw ValidationError(
                "a rotation cannot be undone, and receivers must learn the new pair: add --yes if that is meant"
            )
        }
    }

    /// Rotates the keys and shows the new pair.
    package func run() async throws {
        try await output.run { context in
            // Before the rotation: afterwards the new keys would be lost to whoever asked for them.
            try reveal.check(context)
            let keys = try await server.client(in: context).signingKeys.rotate()
            context.output.write(try KeyText.text(of: keys, isExport: false, isJSON: output.isJSON))
            try context.remark("give the new pair to every receiver before the next rotation", isJSON: output.isJSON)
        }
    }
}
