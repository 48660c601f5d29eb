import ArgumentParser

/// Whether secrets may be printed where they could be kept: in a file, a pipe or the log of a job.
package struct RevealOptions: ParsableArguments {
    @Flag(help: "Print secrets although the output is no terminal.")
    package var reveal = false

    /// The defaults.
    package init() {}

    /// - Throws: ``CommandFailure`` when standard output is no terminal and `--reveal` was not given.
    func check(_ context: CommandContext, noun: String = "signing keys") throws(CommandFailure) {
        guard context.terminal == nil, !reveal else { return }
        throw CommandFailure(
            .usage,
            code: "secrets_withheld",
            "\(noun) are secrets, and the output is no terminal: nothing was done",
            advice: "add --reveal if whatever takes the output may have them"
        )
    }
}
