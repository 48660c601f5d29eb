import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PostriderTestKit
import QStash
import Synchronization
import Testing
import Tour

/// Deliveries are verified before anything is done with them.
@Suite struct ReceiveTests {
    private let broker = TestBroker()

    /// Sends what the broker delivers to a host through an application, without a socket.
    private func forward(to client: any TestClientProtocol) {
        let origin = "https://api.example.com"
        broker.answer(origin) { delivery in
            let response = try await client.execute(
                uri: String(delivery.url.dropFirst(origin.count)),
                method: delivery.method,
                headers: delivery.headers,
                body: ByteBuffer(bytes: delivery.body)
            )
            return .status(response.status, headers: response.headers)
        }
    }

    @Test func aDeliveryIsVerifiedAndThenDecoded() async throws {
        _ = try await PublishTour.one(broker.client)
        try await broker.settle()
        let delivery = try #require(broker.deliveries.first)
        let order = try ReceiveTour.verify(delivery.body, headers: delivery.headers, receiver: broker.receiver)
        #expect(order == Order(id: 7, total: 12.5))
        #expect(throws: SignatureVerificationError(.bodyMismatch)) {
            try ReceiveTour.verify(delivery.body + [0x20], headers: delivery.headers, receiver: broker.receiver)
        }
    }

    @Test func theSignatureSaysWhatWasCalled() async throws {
        _ = try await PublishTour.one(broker.client)
        try await broker.settle()
        let delivery = try #require(broker.deliveries.first)
        let claims = try ReceiveTour.claims(delivery.text, signature: delivery.signature, receiver: broker.receiver)
        #expect(claims.url == "https://api.example.com/orders")
        #expect(claims.key == .current)
    }

    @Test func aRouteTakesWhatIsSignedAndNothingElse() async throws {
        let placed = Mutex<[Order]>([])
        let router = Router()
        ReceiveTour.addRoute(to: router, receiver: broker.receiver) { order in placed.withLock { $0.append(order) } }
        try await Application(router: router).test(.router) { client in
            forward(to: client)
            _ = try await PublishTour.one(broker.client)
            try await broker.settle()
            #expect(placed.withLock { $0 } == [Order(id: 7, total: 12.5)])
            #expect(broker.deliveries.count == 1)

            let forged = try await client.execute(
                uri: "/orders",
                method: .post,
                body: ByteBuffer(string: #"{"id":8,"total":1}"#)
            )
            #expect(forged.status == .unauthorized)
            #expect(placed.withLock { $0 }.count == 1)
        }
    }

    @Test func aMiddlewareGuardsAGroupOfRoutes() async throws {
        let placed = Mutex<[Order]>([])
        let router = Router()
        ReceiveTour.addGroup(to: router, receiver: broker.receiver) { order in placed.withLock { $0.append(order) } }
        try await Application(router: router).test(.router) { client in
            forward(to: client)
            let url = "https://api.example.com/jobs/orders?shop=7"
            try await broker.client.publish(.json(Order(id: 9, total: 3)), to: url)
            try await broker.settle()
            #expect(placed.withLock { $0 } == [Order(id: 9, total: 3)])

            let forged = try await client.execute(uri: "/jobs/orders", method: .post, body: ByteBuffer(string: "{}"))
            #expect(forged.status == .unauthorized)
        }
    }

    @Test func aPermanentRefusalEndsTheMessage() async throws {
        let router = Router()
        ReceiveTour.addGroup(to: router, receiver: broker.receiver) { _ in }
        try await Application(router: router).test(.router) { client in
            forward(to: client)
            try await broker.client.publish(.json(Order(id: 9, total: 0)), to: "https://api.example.com/jobs/orders")
            try await broker.settle()
            #expect(broker.deliveries.count == 1)
            #expect(try await broker.client.dlq.page().elements.map(\.responseStatus) == [489])
        }
    }

    @Test func theServerTellsItsKeysAndRotatesThem() async throws {
        _ = try await PublishTour.one(broker.client)
        try await broker.settle()
        let before = try #require(broker.deliveries.first)
        let receiver = try await SigningKeyTour.receiver(broker.client)
        let now = broker.now
        let told = try await broker.client.signingKeys.get()
        let rotated = try await SigningKeyTour.rotate(broker.client)
        #expect(rotated.current == told.next)

        let fixed = try QStashReceiver(currentSigningKey: told.current, nextSigningKey: told.next, now: { now })
        _ = try await PublishTour.one(broker.client)
        try await broker.settle()
        let after = try #require(broker.deliveries.last)
        #expect(try fixed.verify(before.body, signature: before.signature).key == .current)
        #expect(try fixed.verify(after.body, signature: after.signature).key == .next)
        // On the clock of this machine a signature of another time is worthless.
        #expect(throws: SignatureVerificationError.self) {
            try receiver.verify(before.body, signature: before.signature)
        }
    }
}
