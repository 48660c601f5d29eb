import FoundationEssentials
import Glibc
import PostriderCLI
import QStash

extension CommandContext {
    /// The process's own environment, output, terminal and time.
    static var system: CommandContext {
        let environment = ProcessInfo.processInfo.environment
        return CommandContext(
            environment: environment,
            output: StandardOutput(),
            errors: StandardError(),
            terminal: terminal(environment),
            clock: ContinuousClock(),
            now: { Date() },
            transport: HTTPClientTransport.shared
        )
    }

    /// The terminal on standard output; nil when it goes to a file or another program.
    private static func terminal(_ environment: [String: String]) -> Terminal? {
        guard isatty(STDOUT_FILENO) == 1 else { return nil }
        var size = winsize()
        let isKnown = ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0
        // https://no-color.org: any value but an empty one.
        let hasColors = environment["NO_COLOR"].map(\.isEmpty) ?? true && environment["TERM"] != "dumb"
        return Terminal(columns: isKnown ? Int(size.ws_col) : 80, hasColors: hasColors)
    }
}

/// Standard output.
private struct StandardOutput: TextOutput {
    func write(_ text: String) { FileHandleOutput.standardOutputOfCommand(text) }
}

/// Standard error.
private struct StandardError: TextOutput {
    func write(_ text: String) { FileHandleOutput.standardError(text) }
}
