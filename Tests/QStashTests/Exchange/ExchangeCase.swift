import QStash
import Testing

/// A call of the SDK and the exchange that it must make; the call expects what is to become of the answer.
struct ExchangeCase: Sendable, CustomTestStringConvertible {
    let fixture: String
    let call: @Sendable (QStashClient) async throws -> Void

    init(_ fixture: String, _ call: @escaping @Sendable (QStashClient) async throws -> Void) {
        self.fixture = fixture
        self.call = call
    }

    var testDescription: String { fixture }

    /// Makes the call against the recorded answer, and compares what it sent.
    func play() async throws {
        let exchange = try RecordedExchange(named: fixture)
        let transport = ScriptedTransport(.answer(try exchange.answer))
        try await call(try QStashClient.over(transport))
        try #require(transport.requests.count == 1)
        let differences = try exchange.differences(from: transport.requests[0])
        #expect(differences.isEmpty, "\(differences.joined(separator: "\n"))")
    }

    /// The error with which a call ends.
    static func error(_ call: () async throws -> Void) async throws -> QStashError {
        try #require(await #expect(throws: QStashError.self) { try await call() })
    }
}
