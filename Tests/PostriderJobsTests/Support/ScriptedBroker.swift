import HTTPTypes
import QStash
import Synchronization

/// Answers publishes as told, and remembers them.
final class ScriptedBroker: QStashTransport {
    enum Answer: Sendable {
        case accepted(messageID: String)
        case deduplicated(messageID: String)
        case silent
        case status(Int)
        case unreachable
    }

    private let answer: Mutex<Answer>
    private let received = Mutex<[QStashRequest]>([])

    init(_ answer: Answer = .accepted(messageID: "msg_1")) { self.answer = Mutex(answer) }

    var requests: [QStashRequest] { received.withLock { $0 } }

    /// The value of a header field of the last publish.
    func field(_ name: String) -> String? {
        guard let name = HTTPField.Name(name) else { return nil }
        return requests.last?.head.headerFields[name]
    }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        received.withLock { $0.append(request) }
        switch answer.withLock({ $0 }) {
        case .accepted(let messageID):
            let body = Array(#"{"messageId":"\#(messageID)"}"#.utf8)
            return QStashResponse(head: HTTPResponse(status: .init(code: 201)), body: body)
        case .deduplicated(let messageID):
            let body = Array(#"{"messageId":"\#(messageID)","deduplicated":true}"#.utf8)
            return QStashResponse(head: HTTPResponse(status: .init(code: 202)), body: body)
        case .silent: throw QStashTransportError(reach: .unknown, detail: "no answer")
        case .status(let code):
            let body = Array(#"{"error":"the server says why"}"#.utf8)
            return QStashResponse(head: HTTPResponse(status: .init(code: code)), body: body)
        case .unreachable:
            throw QStashTransportError(reach: .unsent, detail: "nobody listens")
        }
    }

    func client() throws -> QStashClient {
        try QStashClient(
            token: "token-of-the-test",
            baseURL: "http://broker.test",
            configuration: .init(retry: .never),
            transport: self
        )
    }
}
