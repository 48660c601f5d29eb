import ArgumentParser

/// How a command shows its results, and how it ends: shared by all commands.
package struct OutputOptions: ParsableArguments {
    @Flag(name: .customLong("json"), help: "Results and errors as JSON, for programs.")
    package var isJSON = false

    @Flag(name: .customLong("no-color"), help: "No colours; NO_COLOR in the environment does the same.")
    package var isColorless = false

    /// The defaults.
    package init() {}

    /// The style of a command's results.
    package func style(in context: CommandContext) -> Style {
        let isRefused = isColorless || isJSON || context.environment["NO_COLOR"]?.isEmpty == false
        return Style(isColored: !isRefused && context.terminal?.hasColors == true)
    }

    /// Runs a command's work in the current context.
    ///
    /// What it throws is told on standard error, as JSON with `--json`, and ends the process with the status of ``ExitStatus``.
    ///
    /// - Throws: `ExitCode` with that status; what the argument parser throws for its own purposes goes through.
    package func run(_ work: (CommandContext) async throws -> Void) async throws {
        guard let context = CommandContext.current else {
            preconditionFailure("the executable sets CommandContext.current around every command")
        }
        do {
            try await work(context)
        } catch let error as ExitCode {
            throw error
        } catch let error as CleanExit {
            throw error
        } catch let error as ValidationError where !isJSON {
            // The parser adds how the command is used.
            throw error
        } catch {
            let report = ErrorReport(error)
            context.errors.write(isJSON ? try JSONOutput.line(report) : report.text)
            throw report.exitStatus.exitCode
        }
    }
}
