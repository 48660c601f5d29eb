import FoundationEssentials
import HTTPTypes
import PostriderCLI
import QStash
import Synchronization

/// Keeps what is written, and tells it to who waits for it.
final class RecordedOutput: TextOutput {
    /// Every write as it comes.
    let writes: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    private let texts = Mutex<[String]>([])

    init() {
        (writes, continuation) = AsyncStream.makeStream(of: String.self)
    }

    /// Everything so far.
    var text: String { texts.withLock { $0.joined() } }

    /// The lines so far.
    var lines: [String] { text.split(separator: "\n").map(String.init) }

    func write(_ text: String) {
        texts.withLock { $0.append(text) }
        continuation.yield(text)
    }
}

/// A server that answers what a test says, in place of the network.
struct ScriptedTransport: QStashTransport {
    typealias Script = @Sendable (QStashRequest) async throws -> QStashResponse

    let script: Script

    init(_ script: @escaping Script) {
        self.script = script
    }

    /// Answers every request so.
    init(status: Int, fields: HTTPFields = [.contentType: "application/json"], _ text: String) {
        self.init { _ in
            QStashResponse(
                head: HTTPResponse(status: .init(code: status), headerFields: fields),
                body: Array(text.utf8)
            )
        }
    }

    /// Never answers: the exchange fails so.
    init(failing error: QStashTransportError) {
        self.init { _ in throw error }
    }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        try await script(request)
    }
}

/// A clock on which every wait is over at once.
struct ImmediateClock: Clock {
    struct Instant: InstantProtocol {
        var offset = Duration.zero

        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }

        func duration(to other: Instant) -> Duration { other.offset - offset }

        static func < (one: Instant, other: Instant) -> Bool { one.offset < other.offset }
    }

    var now: Instant { Instant() }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        await Task.yield()
        try Task.checkCancellation()
    }
}

/// A clock whose waits end by cancellation alone.
struct StandingClock: Clock {
    var now: ImmediateClock.Instant { ImmediateClock.Instant() }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ImmediateClock.Instant, tolerance: Duration?) async throws {
        let (never, _) = AsyncStream.makeStream(of: Never.self)
        for await _ in never {}
        try Task.checkCancellation()
    }
}

/// A clock on which waits up to a few seconds are over at once, and longer ones end by cancellation alone.
struct ImpatientClock: Clock {
    var now: ImmediateClock.Instant { ImmediateClock.Instant() }
    var minimumResolution: Duration { .zero }

    func sleep(until deadline: ImmediateClock.Instant, tolerance: Duration?) async throws {
        if deadline.offset > .seconds(5) { try await StandingClock().sleep(until: deadline, tolerance: tolerance) }
        await Task.yield()
        try Task.checkCancellation()
    }
}

/// A context with everything recorded.
struct TestContext {
    static let now = Date(timeIntervalSince1970: 1_700_000_000)
    static let currentKey = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"
    static let nextKey = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"
    static let keysAnswer = #"{"current":"\#(currentKey)","next":"\#(nextKey)"}"#
    static let keyEnvironment = [
        "QSTASH_CURRENT_SIGNING_KEY": currentKey, "QSTASH_NEXT_SIGNING_KEY": nextKey,
    ]

    let output = RecordedOutput()
    let errors = RecordedOutput()
    var value: CommandContext

    init(
        environment: [String: String] = [:],
        terminal: CommandContext.Terminal? = nil,
        clock: any Clock<Duration> = ImmediateClock(),
        transport: any QStashTransport = ScriptedTransport(status: 200, keysAnswer)
    ) {
        value = CommandContext(
            environment: environment,
            output: output,
            errors: errors,
            terminal: terminal,
            clock: clock,
            now: { TestContext.now },
            transport: transport
        )
    }
}
