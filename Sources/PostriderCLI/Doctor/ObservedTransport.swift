import FoundationEssentials
import QStash
import Synchronization

/// A transport that remembers the last answer: what the client makes of it hides the header fields.
final class ObservedTransport: QStashTransport {
    private let base: any QStashTransport
    private let now: @Sendable () -> Date
    private let last = Mutex<DoctorFacts.Exchange?>(nil)

    /// - Parameters:
    ///   - base: The way to the server.
    ///   - now: The wall clock.
    init(_ base: any QStashTransport, now: @escaping @Sendable () -> Date) {
        self.base = base
        self.now = now
    }

    /// The last answer that came; nil when the last exchange ended without one.
    var exchange: DoctorFacts.Exchange? { last.withLock { $0 } }

    func send(
        _ request: QStashRequest,
        timeout: Duration,
        answerBytesMax: Int
    ) async throws -> QStashResponse {
        last.withLock { $0 = nil }
        let sentAt = now()
        let response = try await base.send(request, timeout: timeout, answerBytesMax: answerBytesMax)
        let exchange = DoctorFacts.Exchange(
            head: response.head,
            body: response.body,
            sentAt: sentAt,
            receivedAt: now()
        )
        last.withLock { $0 = exchange }
        return response
    }
}
