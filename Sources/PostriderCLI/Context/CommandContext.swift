package import FoundationEssentials
package import QStash

/// What a command takes from outside: environment, time, output and the way to the server.
///
/// The executable sets ``current`` around the whole command; a test sets its own.
package struct CommandContext: Sendable {
    /// The variables of the process.
    package var environment: [String: String]

    /// Where results go: standard output.
    package var output: any TextOutput

    /// Where errors and remarks go: standard error.
    package var errors: any TextOutput

    /// Whether results are read by a person: colours, tables to the width, secrets in clear.
    package var terminal: Terminal?

    /// Waits of `--follow` and of the doctor.
    package var clock: any Clock<Duration>

    /// The wall clock.
    package var now: @Sendable () -> Date

    /// The way to the server.
    package var transport: any QStashTransport

    /// The way to answers that go on.
    package var streams: any AnswerStreaming

    /// The context of the command that runs; nil outside one.
    @TaskLocal package static var current: CommandContext?

    package init(
        environment: [String: String],
        output: any TextOutput,
        errors: any TextOutput,
        terminal: Terminal?,
        clock: any Clock<Duration>,
        now: @escaping @Sendable () -> Date,
        transport: any QStashTransport,
        streams: any AnswerStreaming = HTTPAnswerStream.shared
    ) {
        self.environment = environment
        self.output = output
        self.errors = errors
        self.terminal = terminal
        self.clock = clock
        self.now = now
        self.transport = transport
        self.streams = streams
    }

    /// A terminal on standard output.
    package struct Terminal: Sendable {
        /// Its width in columns.
        package var columns: Int

        /// False when `NO_COLOR` is set or the terminal has none.
        package var hasColors: Bool

        package init(columns: Int, hasColors: Bool) {
            self.columns = columns
            self.hasColors = hasColors
        }
    }
}

/// Takes text that a person or a program reads.
package protocol TextOutput: Sendable {
    /// Writes the text as it is.
    func write(_ text: String)
}
