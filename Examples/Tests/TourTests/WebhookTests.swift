import Crypto
import Foundation
import HTTPTypes
import PostriderJobs
import PostriderTestKit
import QStash
import Testing
import Tour

/// Webhooks are answered as the tour says.
@Suite struct WebhookTests {
    private let secret = "a secret of at least 32 characters"

    @Test func aChangeBecomesOneJob() async throws {
        let app = try AppServer(WebhookTour.database(secret))
        let body =
            #"{"type":"INSERT","table":"trip_collaborators","record":{"id":456,"trip_id":123},"old_record":null}"#
        let signature = HTTPFields.one("X-Signature-HMAC", try HMACSignature(secret: secret).sign(Array(body.utf8)))
        let first = try await app.ask(.post, "/api/hooks/trips", signature, body: body)
        #expect(first.json == ["ok": true, "enqueued": true])
        let second = try await app.ask(.post, "/api/hooks/trips", signature, body: body)
        #expect(second.json == ["ok": true, "duplicate": true])
        #expect(second.fields[try #require(HTTPField.Name("X-RateLimit-Remaining"))] == "98")

        app.broker.answer("https://app.example.com/api/jobs/notify-collaborators", with: .ok)
        try await app.broker.settle()
        #expect(app.broker.deliveries.count == 1)
        let unsigned = try await app.ask(.post, "/api/hooks/trips", body: body)
        #expect(unsigned.status == 401)
        #expect(unsigned.json == ["code": "UNAUTHORIZED", "error": "invalid_signature"])
    }

    /// The signature is that of docs/WEBHOOKS.md's line, as openssl writes it.
    @Test func theLineOfThePageSigns() async throws {
        let app = try AppServer(WebhookTour.database(secret))
        let body = #"{"type":"INSERT","table":"trip_collaborators","record":{"id":456,"trip_id":123}}"#
        let answer = try await app.ask(
            .post,
            "/api/hooks/trips",
            .one("X-Signature-HMAC", "1b822dac7b72cd0a4a2296671ac978b2457539184e35c03bcc44ac28d26c7593"),
            body: body
        )
        #expect(answer.json == ["ok": true, "enqueued": true])
    }

    @Test func anotherTableIsSkipped() async throws {
        let app = try AppServer(WebhookTour.database(secret))
        let body = #"{"type":"DELETE","table":"trips","record":null,"old_record":{"id":123}}"#
        let signature = HTTPFields.one("X-Signature-HMAC", try HMACSignature(secret: secret).sign(Array(body.utf8)))
        let answer = try await app.ask(.post, "/api/hooks/trips", signature, body: body)
        #expect(answer.json == ["ok": true, "skipped": true])
    }

    @Test func standardWebhooksAreVerifiedWithEitherSecret() async throws {
        let secrets = [UInt8(1), 2].map { "whsec_" + Data(repeating: $0, count: 32).base64EncodedString() }
        let app = try AppServer(try WebhookTour.billing(secrets[0], secrets[1]))
        let body = #"{"invoice":"inv_1","amount":1250}"#
        let clock = app.broker.jobClock
        let old = try WebhookTour.signed(secrets[0], body: Array(body.utf8), clock: clock)
        #expect(try await app.ask(.post, "/api/hooks/billing", old, body: body).json == ["ok": true])
        // The same event again, signed with the other secret.
        let new = try WebhookTour.signed(secrets[1], body: Array(body.utf8), clock: clock)
        #expect(
            try await app.ask(.post, "/api/hooks/billing", new, body: body).json == ["ok": true, "duplicate": true]
        )
        #expect(try await app.ask(.post, "/api/hooks/billing", old, body: body + " ").status == 401)
    }

    @Test func theBrokersCallbackIsAWebhookToo() async throws {
        let broker = TestBroker()
        let app = try AppServer(WebhookTour.callback(broker.receiver))
        broker.mount(app.server, at: "https://app.example.com")
        broker.answer("https://shop.example.com", with: .status(204))
        try await broker.client.publish(
            to: "https://shop.example.com",
            options: PublishOptions(callback: Callback("https://app.example.com/api/hooks/delivered"))
        )
        try await broker.settle()
        #expect(broker.deliveries(to: "https://app.example.com").count == 1)
        #expect(try await broker.client.dlq.page().elements.isEmpty)
    }

    @Test func aHandlersErrorIsAnsweredByItsKind() async throws {
        let app = try AppServer(WebhookTour.errors({ $0 == "inv_1" }))
        for (invoice, status) in [("inv_1", 200), ("inv_2", 404)] {
            let body = #"{"invoice":"\#(invoice)","amount":1}"#
            let signature = HTTPFields.one("X-Signature-HMAC", try HMACSignature(secret: secret).sign(Array(body.utf8)))
            let answer = try await app.ask(.post, "/api/hooks/refunds", signature, body: body)
            #expect(answer.status == status)
        }
    }

    @Test func aSignatureOfYourOwnIsCheckedFirst() async throws {
        let app = try AppServer(WebhookTour.github(secret))
        let body = #"{"action":"opened"}"#
        let key = SymmetricKey(data: Array(secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array(body.utf8), using: key)
        let hex = code.map { String($0 / 16, radix: 16) + String($0 % 16, radix: 16) }.joined()
        let good = try await app.ask(
            .post,
            "/api/hooks/github",
            .one("X-Hub-Signature-256", "sha256=\(hex)"),
            body: body
        )
        #expect(good.json == ["ok": true, "action": "opened"])
        let bad = try await app.ask(
            .post,
            "/api/hooks/github",
            .one("X-Hub-Signature-256", "sha256=\(String(hex.reversed()))"),
            body: body
        )
        #expect(bad.status == 401)
    }
}
