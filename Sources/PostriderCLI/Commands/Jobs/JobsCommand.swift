package import ArgumentParser

/// `postrider jobs`: the jobs of an application's users.
package struct JobsCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "jobs",
        abstract: "Shows, watches and cancels jobs, by their request ids.",
        discussion: """
            Jobs belong to users of an application: give a user's token. A server on loopback without users of its own asks for none.
            """,
        subcommands: [JobsShowCommand.self, JobsWatchCommand.self, JobsCancelCommand.self, JobsTokenCommand.self]
    )

    /// The defaults.
    package init() {}
}

/// `postrider jobs show`: where a job stands.
package struct JobsShowCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(commandName: "show", abstract: "Shows where a job stands.")

    @Argument(help: "The job's request id.")
    var requestID: String

    @OptionGroup(title: "Application") var application: ApplicationOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Asks for the job and shows it.
    package func run() async throws {
        try await output.run { context in
            let job = try await application.application(in: context).job(requestID)
            context.output.write(
                output.isJSON ? try JSONOutput.line(job) : JobSheet.text(of: job, style: output.style(in: context))
            )
        }
    }
}

/// `postrider jobs cancel`: asks a job to end.
package struct JobsCancelCommand: AsyncParsableCommand {
    private struct Record: Encodable {
        let previousStatus: String
        let requestId: String
        let status: String
    }

    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Cancels a job: one that waits never begins, one that runs ends at its next report."
    )

    @Argument(help: "The job's request id.")
    var requestID: String

    @OptionGroup(title: "Application") var application: ApplicationOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Cancels the job, and says in which state it was.
    package func run() async throws {
        try await output.run { context in
            let previous = try await application.application(in: context).cancel(requestID)
            let record = Record(previousStatus: previous, requestId: requestID, status: "cancelled")
            context.output.write(
                output.isJSON
                    ? try JSONOutput.line(record)
                    : "cancelled \(requestID), which was \(VisibleText.line(previous))\n"
            )
        }
    }
}
