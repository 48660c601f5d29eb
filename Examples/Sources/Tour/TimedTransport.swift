package import HTTPTypes
package import QStash

/// Tells how long each exchange took.
package struct TimedTransport: QStashTransport {
    let base: any QStashTransport
    let report: @Sendable (HTTPResponse.Status, Duration) -> Void

    /// A transport over another.
    package init(
        over base: any QStashTransport = HTTPClientTransport.shared,
        report: @escaping @Sendable (HTTPResponse.Status, Duration) -> Void
    ) {
        self.base = base
        self.report = report
    }

    /// Sends the request on.
    package func send(
        _ request: QStashRequest,
        timeout: Duration,
        answerBytesMax: Int
    ) async throws -> QStashResponse {
        let clock = ContinuousClock()
        let begin = clock.now
        let response = try await base.send(request, timeout: timeout, answerBytesMax: answerBytesMax)
        report(response.head.status, clock.now - begin)
        return response
    }
}
