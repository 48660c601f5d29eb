import Foundation
import PostriderTestKit
import QStash
import Testing

@Suite struct SignatureTests {
    private let broker = TestBroker()

    @Test func everyAttemptIsSignedForItself() async throws {
        broker.answer("https://a.test", with: .status(500), .ok)
        try await broker.client.publish(.text("x"), to: "https://a.test/x")
        try await broker.settle()
        let signatures = try broker.deliveries.map { try $0.verify() }
        #expect(signatures.map(\.url) == ["https://a.test/x", "https://a.test/x"])
        #expect(
            signatures.map(\.issuedAt)
                == broker.deliveries.map { $0.at.timeIntervalSince1970.rounded(.down) }.map {
                    .init(timeIntervalSince1970: $0)
                }
        )
        #expect(Set(signatures.map(\.tokenID)).count == 2)
    }

    @Test func theReceiverGoesByTheBrokersClock() async throws {
        try await broker.client.publish(.text("x"), to: "https://a.test/x")
        try await broker.advance(by: .zero)
        let delivery = try #require(broker.deliveries.first)
        try broker.receiver.verify(delivery.body, signature: delivery.signature, url: delivery.url)
        #expect(throws: SignatureVerificationError(.bodyMismatch)) {
            try broker.receiver.verify("y", signature: delivery.signature, url: delivery.url)
        }
        try await broker.advance(by: .seconds(86_400))
        #expect(throws: SignatureVerificationError(.expired)) {
            try broker.receiver.verify(delivery.body, signature: delivery.signature, url: delivery.url)
        }
        // As of its arrival it is as good as ever.
        try delivery.verify()
    }

    @Test func theKeysAreThoseOfTheServer() async throws {
        #expect(try await broker.client.signingKeys.get() == broker.signingKeys)
        try await broker.client.publish(to: "https://a.test/x")
        let rotated = try await broker.client.signingKeys.rotate()
        #expect(rotated.current == broker.signingKeys.next)
        try await broker.settle()
        // Signed after the rotation, with what was the next key when the broker began.
        #expect(try broker.deliveries.map { try $0.verify().key } == [.next])
    }

    @Test func theEnvironmentConfiguresTheCodeUnderTest() async throws {
        let client = try QStashClient(environment: broker.environment, transport: broker.transport)
        let receiver = try QStashReceiver(environment: broker.environment, now: { [broker] in broker.now })
        try await client.publish(.text("x"), to: "https://a.test/x")
        try await broker.advance(by: .zero)
        let delivery = try #require(broker.deliveries.first)
        try receiver.verify(delivery.body, signature: delivery.signature, url: delivery.url)
    }

    @Test func anotherTokenIsRefused() async throws {
        let client = try QStashClient(
            token: "wrong",
            baseURL: broker.baseURL,
            configuration: .init(retry: .never),
            transport: broker.transport
        )
        let error = await #expect(throws: QStashError.self) { try await client.publish(to: "https://a.test/x") }
        #expect(error?.code == .unauthorized)
    }
}
