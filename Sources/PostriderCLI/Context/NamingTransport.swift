import HTTPTypes
import QStash

/// Names the server in errors of the way to it: which one is asked is not always plain from the command line.
struct NamingTransport: QStashTransport {
    private let base: any QStashTransport

    init(_ base: any QStashTransport) {
        self.base = base
    }

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        do {
            return try await base.send(request, timeout: timeout, answerBytesMax: answerBytesMax)
        } catch let error as QStashTransportError {
            guard let scheme = request.head.scheme, let authority = request.head.authority else { throw error }
            throw QStashTransportError(
                reach: error.reach,
                isTimeout: error.isTimeout,
                detail: "\(error.detail) (\(scheme)://\(authority))",
                underlying: error.underlying
            )
        }
    }
}
