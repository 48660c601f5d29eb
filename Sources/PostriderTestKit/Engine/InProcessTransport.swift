import HTTPTypes
import PostriderAPI
import QStash

/// The way from a client to the engine: a call in the same process.
///
/// Whatever scheme and host a request names, it is answered by the engine.
struct InProcessTransport: QStashTransport {
    let engine: TestBrokerEngine

    private static let peer = "127.0.0.1"

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        try Task.checkCancellation()
        guard !engine.isShutDown else {
            throw QStashTransportError(reach: .unsent, detail: "the test broker has been shut down")
        }
        let response = await engine.respondAtOnce(
            to: APIRequest(
                method: request.head.method,
                target: request.head.path ?? "/",
                fields: request.head.headerFields,
                body: BytesReader(request.body),
                peer: Self.peer
            )
        )
        guard response.body.count <= answerBytesMax else {
            throw QStashTransportError(reach: .unknown, detail: "the answer has more than \(answerBytesMax) bytes")
        }
        return QStashResponse(
            head: HTTPResponse(status: response.status, headerFields: response.fields),
            body: response.body
        )
    }
}
