import ArgumentParser
import FoundationEssentials
import HTTPTypes
import PostriderCLI
import QStash
import Synchronization

/// Runs commands as the executable does, against a server that is a closure.
struct CommandTrial: Sendable {
    /// How a command ended.
    struct Ending: Sendable {
        var status: Int32
        var output: String
        var errors: String
    }

    /// The commands under a root, as in the executable.
    struct Root: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "postrider",
            subcommands: [
                PublishCommand.self, MessagesCommand.self, EventsCommand.self, DLQCommand.self, KeysCommand.self,
                JobsCommand.self, CompletionsCommand<Root>.self,
            ]
        )
    }

    static let token = "tok_trial"

    var environment = ["QSTASH_TOKEN": token, "QSTASH_URL": "http://127.0.0.1:8080", "UPSTASH_DISABLE_TELEMETRY": "1"]
    var terminal: CommandContext.Terminal?
    var clock: any Clock<Duration> = SteppingClock()
    /// The way to answers that go on; nil for the one over the network.
    var streams: (any AnswerStreaming)?
    let server: AnsweringServer

    init(_ answer: @escaping AnsweringServer.Answer) {
        server = AnsweringServer(answer)
    }

    /// A server that must not be asked anything.
    static func silent() -> CommandTrial {
        CommandTrial { _ in throw QStashTransportError(reach: .unsent, detail: "nothing was to be sent") }
    }

    /// Parses the arguments and runs the command.
    func run(_ arguments: String...) async -> Ending {
        await run(arguments)
    }

    /// Parses the arguments and runs the command.
    func run(_ arguments: [String]) async -> Ending {
        let output = RecordedOutput()
        let errors = RecordedOutput()
        let context = CommandContext(
            environment: environment,
            output: output,
            errors: errors,
            terminal: terminal,
            clock: clock,
            now: { Date(timeIntervalSince1970: 1_800_000_000) },
            transport: server,
            streams: streams ?? HTTPAnswerStream.shared
        )
        let status = await CommandContext.$current.withValue(context) {
            do {
                let command = try await Root.asyncParseAsRoot(arguments)
                guard var command = command as? any AsyncParsableCommand else { return ExitCode.failure.rawValue }
                try await command.run()
                return ExitCode.success.rawValue
            } catch {
                errors.write(Root.fullMessage(for: error))
                return Root.exitCode(for: error).rawValue
            }
        }
        return Ending(status: status, output: output.text, errors: errors.text)
    }
}

/// A way to a server that is a closure; keeps what was asked.
final class AnsweringServer: QStashTransport {
    typealias Answer = @Sendable (QStashRequest) throws -> QStashResponse

    private let answer: Answer
    private let asked = Mutex<[QStashRequest]>([])

    init(_ answer: @escaping Answer) {
        self.answer = answer
    }

    /// What was asked, in order.
    var requests: [QStashRequest] { asked.withLock { $0 } }

    /// Method and path of what was asked.
    var lines: [String] { requests.map { "\($0.head.method.rawValue) \($0.head.path ?? "")" } }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        asked.withLock { $0.append(request) }
        return try answer(request)
    }
}

extension QStashResponse {
    /// An answer with JSON.
    static func json(_ text: String, status: Int = 200) -> QStashResponse {
        QStashResponse(
            head: HTTPResponse(status: .init(code: status), headerFields: [.contentType: "application/json"]),
            body: Array(text.utf8)
        )
    }

    /// A refusal as Postrider words it.
    static func refusal(_ status: Int, _ code: String, _ text: String = "no") -> QStashResponse {
        .json(#"{"error":"\#(text)","code":"\#(code)"}"#, status: status)
    }
}

extension QStashRequest {
    /// The value of a field.
    func value(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { head.headerFields[$0] }
    }

    /// The values of a parameter of the query, in order.
    func parameters(_ name: String) -> [String] {
        let query = (head.path ?? "").split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.split(separator: "&").compactMap { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return parts.count == 2 && parts[0] == name ? String(parts[1]) : nil
        }
    }
}

/// A clock whose sleeps take no time: each is noted, and a step may happen in it.
final class SteppingClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    private let state = Mutex((now: Duration.zero, sleeps: [Duration]()))
    private let step: @Sendable (Int) throws -> Void

    /// - Parameter step: Gets the number of the sleep, from 0; what it throws ends the sleep.
    init(_ step: @escaping @Sendable (Int) throws -> Void = { _ in }) {
        self.step = step
    }

    var now: Instant { Instant(offset: state.withLock { $0.now }) }

    var minimumResolution: Duration { .zero }

    /// How long the sleeps were.
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        let index = state.withLock { state in
            state.sleeps.append(deadline.offset - state.now)
            state.now = max(state.now, deadline.offset)
            return state.sleeps.count - 1
        }
        try step(index)
    }
}
