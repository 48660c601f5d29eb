import InMemoryLogging
import Logging

/// A logger whose entries can be read.
struct LogRecorder {
    let handler: InMemoryLogHandler
    let logger: Logger

    init() {
        var handler = InMemoryLogHandler()
        handler.logLevel = .trace
        self.handler = handler
        logger = Logger(label: "test") { [handler] _ in handler }
    }

    var messages: [String] { handler.entries.map { "\($0.message)" } }

    /// Everything that was logged, as one text.
    var text: String {
        handler.entries.map { "\($0.level) \($0.message) \($0.metadata)" }.joined(separator: "\n")
    }
}
