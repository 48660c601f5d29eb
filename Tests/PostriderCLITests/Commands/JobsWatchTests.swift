import HTTPTypes
import PostriderCLI
import QStash
import Synchronization
import Testing

@Suite struct JobsWatchTests {
    /// Answers each stream from a list: a status, and pieces, or a connection that breaks.
    private final class Streams: AnswerStreaming {
        enum Step: Sendable {
            case pieces([String])
            case broken([String])
            case refused
            case status(Int)
        }

        private let state: Mutex<(steps: [Step], requests: [HTTPRequest])>

        init(_ steps: [Step]) {
            state = Mutex((steps, []))
        }

        var requests: [HTTPRequest] { state.withLock { $0.requests } }

        func stream(
            _ request: HTTPRequest,
            connectTimeout: Duration,
            onHead: @Sendable (HTTPResponse) async throws -> Bool,
            onBytes: @Sendable ([UInt8]) async throws -> Bool
        ) async throws {
            let step = state.withLock { state in
                state.requests.append(request)
                return state.steps.isEmpty ? Step.status(404) : state.steps.removeFirst()
            }
            let pieces: [String]
            switch step {
            case .refused: throw QStashTransportError(reach: .unsent, detail: "no connection to the server")
            case .status(let status):
                _ = try await onHead(HTTPResponse(status: .init(code: status)))
                return
            case .pieces(let texts), .broken(let texts): pieces = texts
            }
            let head = HTTPResponse(status: .ok, headerFields: [.contentType: "text/event-stream; charset=utf-8"])
            guard try await onHead(head) else { return }
            for piece in pieces { guard try await onBytes(Array(piece.utf8)) else { return } }
            if case .broken = step { throw QStashTransportError(reach: .unknown, detail: "the connection failed") }
        }
    }

    private static func event(_ name: String, _ version: Int, _ status: String, _ progress: Int) -> String {
        "id: \(version)\nevent: \(name)\ndata: {\"requestId\":\"r-1\",\"status\":\"\(status)\",\"progress\":\(progress)}\n\n"
    }

    private func run(
        _ steps: [Streams.Step],
        _ arguments: String...,
        terminal: CommandContext.Terminal? = nil
    ) async -> (CommandTrial.Ending, Streams, [Duration]) {
        let streams = Streams(steps)
        let clock = SteppingClock()
        var trial = CommandTrial.silent()
        trial.environment = [:]
        trial.clock = clock
        trial.streams = streams
        trial.terminal = terminal
        return (await trial.run(["jobs", "watch", "r-1"] + arguments), streams, clock.sleeps)
    }

    @Test func eachChangeIsALineUntilTheEnd() async {
        let (ending, streams, _) = await run([
            .pieces([
                Self.event("progress", 1, "queued", 0), ": ping\n\n", Self.event("progress", 2, "processing", 50),
                Self.event("done", 3, "completed", 100),
            ])
        ])
        #expect(ending.status == 0, "\(ending.errors)")
        let lines = ending.output.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines[1] == "[############------------]  50 %  processing")
        #expect(lines[2].hasPrefix("[########################] 100 %  completed"))
        #expect(streams.requests.map(\.path) == ["/api/jobs/r-1/events"])
        #expect(streams.requests.first?.headerFields[.accept] == "text/event-stream")
    }

    @Test func aBrokenConnectionIsTakenUpWhereItBroke() async throws {
        let lastEventID = try #require(HTTPField.Name("Last-Event-ID"))
        let (ending, streams, sleeps) = await run([
            .broken([Self.event("progress", 7, "processing", 30)]),
            .refused, .status(503),
            .pieces([Self.event("progress", 7, "processing", 30), Self.event("done", 9, "completed", 100)]),
        ])
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(streams.requests.map { $0.headerFields[lastEventID] } == [nil, "7", "7", "7"])
        #expect(sleeps == [.seconds(1), .seconds(2), .seconds(4)])
        // What was shown is not shown again, and the break is told once.
        #expect(ending.output.split(separator: "\n").count == 2)
        #expect(ending.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: ["failed", "cancelled"])
    func aJobThatDidNotEndWellEndsWith1(status: String) async {
        let (ending, _, _) = await run([.pieces([Self.event("done", 2, status, 40)])])
        #expect(ending.status == 1)
        #expect(ending.output.contains(status))
    }

    @Test func aServerThatWasNeverThereIsAnError() async {
        let (ending, streams, _) = await run([.refused])
        #expect(ending.status == 69)
        #expect(streams.requests.count == 1)
    }

    @Test(arguments: [(401, Int32(77)), (404, 66)])
    func aRefusalIsNotRepeated(status: Int, exit: Int32) async {
        let (ending, streams, _) = await run([.status(status)])
        #expect(ending.status == exit)
        #expect(streams.requests.count == 1)
    }

    @Test func aTerminalSeesOneLine() async {
        let (ending, _, _) = await run(
            [.pieces([Self.event("progress", 1, "processing", 10), Self.event("done", 2, "completed", 100)])],
            terminal: .init(columns: 30, hasColors: false)
        )
        #expect(ending.output.split(separator: "\n").count == 1)
        #expect(ending.output.hasSuffix("\n"))
        #expect(ending.output.components(of: "\r\u{1B}[K") == 2)
    }

    @Test func programsGetAnObjectALine() async {
        let (ending, _, _) = await run(
            [.pieces([Self.event("progress", 1, "processing", 10), Self.event("done", 2, "completed", 100)])],
            "--json"
        )
        let first = #"{"attempt":0,"jobType":"","maxRetries":0,"progress":10,"requestId":"r-1","status":"processing"}"#
        #expect(ending.output.split(separator: "\n").first.map(String.init) == first)
    }
}

extension String {
    /// How often a text occurs.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
