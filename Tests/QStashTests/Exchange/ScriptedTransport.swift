import Foundation
import HTTPTypes
import QStash
import Synchronization
import Testing

/// A transport that plays answers in order and keeps the requests; a request beyond the script is recorded as an issue.
final class ScriptedTransport: QStashTransport {
    enum Step: Sendable {
        case answer(QStashResponse)
        case failure(any Error)

        /// An answer with text, JSON or not.
        static func text(_ text: String, status: Int = 200, headers: [String: String] = [:]) -> Step {
            var fields = HTTPFields()
            for (name, value) in headers {
                if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
            }
            let head = HTTPResponse(status: HTTPResponse.Status(code: status), headerFields: fields)
            return .answer(QStashResponse(head: head, body: Array(text.utf8)))
        }

        /// A connection that broke before anything was sent.
        static let unsent = Step.failure(QStashTransportError(reach: .unsent, detail: "refused"))

        /// A connection that broke at a time when the server may have obeyed.
        static let lost = Step.failure(QStashTransportError(reach: .unknown, detail: "reset"))
    }

    private struct State {
        var steps: ArraySlice<Step>
        var requests: [QStashRequest] = []
    }

    private let state: Mutex<State>

    init(_ steps: Step...) {
        state = Mutex(State(steps: steps[...]))
    }

    init(_ steps: [Step]) {
        state = Mutex(State(steps: steps[...]))
    }

    /// What was sent so far.
    var requests: [QStashRequest] { state.withLock { $0.requests } }

    /// The targets of what was sent so far, each behind its method.
    var targets: [String] { requests.map { "\($0.head.method.rawValue) \($0.head.path ?? "")" } }

    func send(
        _ request: QStashRequest,
        timeout: Duration,
        answerBytesMax: Int
    ) async throws -> QStashResponse {
        let step = state.withLock { state in
            state.requests.append(request)
            return state.steps.popFirst()
        }
        switch step {
        case .answer(let response): return response
        case .failure(let error): throw error
        case nil:
            Issue.record("a request beyond the script: \(request.head.method.rawValue) \(request.head.path ?? "")")
            throw QStashTransportError(reach: .unsent, detail: "the script is at its end")
        }
    }
}

extension QStashClient {
    /// A client over a transport, without repetitions and telemetry unless they are wanted.
    static func over(
        _ transport: ScriptedTransport,
        retry: RetryPolicy = .never,
        headers: HTTPFields = HTTPFields(),
        sendsTelemetry: Bool = false,
        clock: any Clock<Duration> = ContinuousClock()
    ) throws -> QStashClient {
        try QStashClient(
            token: "secret-token",
            configuration: Configuration(retry: retry, headers: headers, sendsTelemetry: sendsTelemetry, clock: clock),
            transport: transport
        )
    }
}

/// The error of a call that must be refused before anything is sent.
func refusal(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ call: (QStashClient) async throws -> Void
) async throws -> QStashError {
    let transport = ScriptedTransport()
    let client = try QStashClient.over(transport)
    let error = await #expect(throws: QStashError.self, sourceLocation: sourceLocation) { try await call(client) }
    #expect(transport.requests.isEmpty, "something was sent", sourceLocation: sourceLocation)
    return try #require(error, sourceLocation: sourceLocation)
}
