package import HTTPTypes

/// Asks for answers that go on: server-sent events.
package protocol AnswerStreaming: Sendable {
    /// Sends a request without a body, and hands over the answer's head and then its body, piece by piece as it comes.
    ///
    /// - Parameters:
    ///   - connectTimeout: The bound on the time up to the head.
    ///   - onHead: Decides by the head whether the body is wanted.
    ///   - onBytes: Gets each piece; false ends the answer.
    /// - Throws: `QStashTransportError` when there is no answer or it breaks off, `CancellationError`, or what the closures throw.
    func stream(
        _ request: HTTPRequest,
        connectTimeout: Duration,
        onHead: @Sendable (HTTPResponse) async throws -> Bool,
        onBytes: @Sendable ([UInt8]) async throws -> Bool
    ) async throws
}
