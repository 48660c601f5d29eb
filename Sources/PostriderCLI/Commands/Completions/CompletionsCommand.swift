package import ArgumentParser

/// `postrider completions`: prints the script by which a shell completes commands and flags.
///
/// The root is a parameter, because it lives in the executable: `CompletionsCommand<Postrider>.self` among its subcommands.
package struct CompletionsCommand<Root: ParsableCommand>: AsyncParsableCommand {
    /// How the command is called.
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "completions",
            abstract: "Prints a script with which a shell completes commands and flags.",
            discussion: "The script says in its first lines where to put it."
        )
    }

    @Argument(help: "bash, zsh or fish.")
    var shell: ShellArgument

    /// The defaults.
    package init() {}

    /// Prints the script.
    package func run() async throws {
        guard let context = CommandContext.current else {
            preconditionFailure("the executable sets CommandContext.current around every command")
        }
        context.output.write(Self.script(for: shell))
    }

    /// The shell's script, with a line that says how to install it.
    static func script(for shell: ShellArgument) -> String {
        let name = Root._commandName
        let script = Root.completionScript(for: shell.shell)
        let line = "# To install: \(name) completions \(shell.rawValue) > \(shell.path(of: name))"
        guard shell == .zsh, let end = script.firstIndex(of: "\n") else { return "\(line)\n\(script)\n" }
        // The first line of a zsh script says what it completes, and stays the first.
        return "\(script[..<end])\n\(line)\(script[end...])\n"
    }
}

/// A shell that commands can be completed in.
package enum ShellArgument: String, ExpressibleByArgument, CaseIterable, Sendable {
    case bash
    case zsh
    case fish

    fileprivate var shell: CompletionShell {
        switch self {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }

    /// Where the shell looks for the script.
    fileprivate func path(of name: String) -> String {
        switch self {
        case .bash: "~/.local/share/bash-completion/completions/\(name)"
        case .zsh: "~/.zsh/completions/_\(name)  # a folder of your $fpath"
        case .fish: "~/.config/fish/completions/\(name).fish"
        }
    }
}
