import HTTPTypes
import QStash
import Synchronization

/// Stands in for a server: answers calls in order with what the test has prepared, and keeps what was sent.
final class ScriptedServer: QStashTransport {
    /// What a call is answered with.
    struct Answer: Sendable {
        var status = 200
        var headers: HTTPFields = [:]
        var body = ""
        /// True for a call that is sent and never answered.
        var isLost = false

        /// 200 without a body, as settings are answered.
        static let ok = Answer()
        /// No answer.
        static let lost = Answer(isLost: true)

        /// A body of JSON.
        static func json(_ body: String, status: Int = 200) -> Answer {
            Answer(status: status, headers: [.contentType: "application/json"], body: body)
        }
    }

    private struct State {
        var answers: [Answer]
        var requests: [QStashRequest] = []
    }

    private let state: Mutex<State>

    init(_ answers: Answer...) {
        state = Mutex(State(answers: answers))
    }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        let answer = state.withLock { state -> Answer? in
            state.requests.append(request)
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else {
            throw QStashTransportError(reach: .unsent, detail: "the test has prepared no further answer")
        }
        guard !answer.isLost else {
            throw QStashTransportError(reach: .unknown, detail: "the connection failed")
        }
        return QStashResponse(
            head: HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: answer.headers),
            body: Array(answer.body.utf8)
        )
    }

    /// A client of this server that makes each call once.
    func client() throws -> QStashClient {
        try client(configuration: QStashClient.Configuration(retry: .never))
    }

    /// A client of this server.
    func client(configuration: QStashClient.Configuration) throws -> QStashClient {
        try QStashClient(token: "secret", configuration: configuration, transport: self)
    }

    /// What was sent.
    var requests: [QStashRequest] { state.withLock(\.requests) }

    /// Method, path and query of each call.
    var calls: [String] { requests.map { "\($0.head.method.rawValue) \($0.head.path ?? "")" } }

    /// The bodies of the calls as text.
    var bodies: [String] { requests.map { String(decoding: $0.body, as: UTF8.self) } }

    /// The values that a header has in each call; nil where it is missing.
    func values(of name: String) -> [String?] {
        requests.map { request in HTTPField.Name(name).flatMap { request.head.headerFields[$0] } }
    }
}
