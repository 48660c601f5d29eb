import HTTPTypes
import PostriderJobs
import QStash
import QStashWire
import Testing

@testable import PostriderJobsConformance

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct TypedWebhookTests {
    private struct InvoicePaid: Decodable, Sendable {
        var invoice: String
        var cents: Int
    }

    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let body = Array(#"{"invoice":"i-1","cents":1200}"#.utf8)
    private let seen = HookNotes()

    private func bench(
        _ signature: some WebhookSignature,
        eventKey: (@Sendable (InvoicePaid) -> String)? = nil
    ) throws -> HookBench {
        try HookBench(.inMemory()) { routes in
            routes.webhook("billing", signature: signature, eventKey: eventKey) { [seen] (paid: InvoicePaid, context) in
                seen.add("\(context.eventKey) \(paid.invoice) \(paid.cents)")
                return .done
            }
        }
    }

    private func signed(_ body: [UInt8], id: String, at now: Date) throws -> HTTPFields {
        try StandardWebhooksSignature(secrets: [Self.secret]).fields(id: id, now: now, body: body)
    }

    @Test func theHandlerGetsTheDecodedPayload() async throws {
        let bench = try bench(.standardWebhooks(Self.secret))
        let answer = try await bench.send(body, to: "billing", fields: signed(body, id: "evt_1", at: bench.clock.now))
        #expect(answer.status == 200)
        #expect(seen.all == ["evt_1 i-1 1200"])
    }

    @Test(arguments: ["", "{", "[]", "null", #"{"invoice":"i-1"}"#, #"{"invoice":"i-1","cents":"x"}"#])
    func anotherFormIsRefused(text: String) async throws {
        let bench = try bench(.standardWebhooks(Self.secret))
        let body = Array(text.utf8)
        let answer = try await bench.send(body, to: "billing", fields: signed(body, id: "evt", at: bench.clock.now))
        #expect(answer.status == 400)
        #expect(answer.body == ["code": "VALIDATION_ERROR", "error": "invalid_request"])
        #expect(seen.all.isEmpty)
    }

    @Test func anEventWithAnIDIsKnownForADay() async throws {
        let bench = try bench(.standardWebhooks(Self.secret))
        for hours in [0.0, 1, 22.9] {
            bench.clock.advance(by: .seconds(hours * 3_600))
            let fields = try signed(body, id: "evt_1", at: bench.clock.now)
            #expect(try await bench.send(body, to: "billing", fields: fields).status == 200)
        }
        let fields = try signed(body, id: "evt_2", at: bench.clock.now)
        #expect(try await bench.send(body, to: "billing", fields: fields).body == ["ok": true])
        #expect(seen.all == ["evt_1 i-1 1200", "evt_2 i-1 1200"])
    }

    @Test func withoutAnIDTheSameBodyIsKnownForAsLongAsItIsReserved() async throws {
        let bench = try bench(.hmac(HookBench.secret))
        let text = String(decoding: body, as: UTF8.self)
        #expect(try await bench.send(text, to: "billing").body == ["ok": true])
        #expect(try await bench.send(text, to: "billing").body == ["ok": true, "duplicate": true])
        bench.clock.advance(by: .seconds(300))
        #expect(try await bench.send(text, to: "billing").body == ["ok": true])
        #expect(seen.all.count == 2)
    }

    @Test func anIDThatIsNotSignedDoesNotCount() async throws {
        let bench = try bench(.hmac(HookBench.secret))
        let text = String(decoding: body, as: UTF8.self)
        let name = try #require(HTTPField.Name("webhook-id"))
        #expect(try await bench.send(text, to: "billing", fields: [name: "a"]).body == ["ok": true])
        #expect(
            try await bench.send(text, to: "billing", fields: [name: "b"]).body == ["ok": true, "duplicate": true]
        )
    }

    @Test func aKeyOfYourOwnCounts() async throws {
        let bench = try bench(.standardWebhooks(Self.secret)) { "invoice:\($0.invoice)" }
        for id in ["evt_1", "evt_2"] {
            let fields = try signed(body, id: id, at: bench.clock.now)
            #expect(try await bench.send(body, to: "billing", fields: fields).status == 200)
        }
        #expect(seen.all == ["invoice:i-1 i-1 1200"])
    }

    @Test func aKeyWithoutBoundIsKeptAsItsHash() async throws {
        let bench = try bench(.standardWebhooks(Self.secret)) { _ in String(repeating: "x", count: 60_000) }
        let fields = try signed(body, id: "evt", at: bench.clock.now)
        #expect(try await bench.send(body, to: "billing", fields: fields).status == 200)
        #expect(seen.all.first?.hasPrefix("sha256:") == true)
        #expect(seen.all.first?.utf8.count ?? 0 < 100)
    }

    @Test func messagesOfTheBrokerAreToldByTheirID() async throws {
        let key = "sig_0123456789abcdef0123456789ab"
        let clock = ManualJobClock(now: Date(timeIntervalSince1970: 1_750_000_000))
        let receiver = try QStashReceiver(currentSigningKey: key, nextSigningKey: key, now: { clock.now })
        let bench = try bench(.qstash(receiver))
        let signingKey = try #require(SigningKey(key))
        func fields(url: String, message: String) throws -> HTTPFields {
            let token = MessageSignature.sign(
                body: body,
                url: url,
                issuedAtSeconds: Int64(clock.now.timeIntervalSince1970),
                tokenID: "jwt_1",
                key: signingKey
            )
            return [
                try #require(HTTPField.Name("Upstash-Signature")): token,
                try #require(HTTPField.Name("Upstash-Message-Id")): message,
            ]
        }
        let url = "https://app.example.com/api/hooks/billing"
        for message in ["msg_1", "msg_1", "msg_2"] {
            let answer = try await bench.send(body, to: "billing", fields: fields(url: url, message: message))
            #expect(answer.status == 200)
        }
        #expect(seen.all == ["msg_1 i-1 1200", "msg_2 i-1 1200"])
        let query = "billing?source=a%20b&source=c"
        let withQuery = try fields(url: "https://app.example.com/api/hooks/\(query)", message: "msg_4")
        #expect(try await bench.send(body, to: query, fields: withQuery).status == 200)
        #expect(try await bench.send(body, to: "billing", fields: withQuery).status == 401)
        let elsewhere = try fields(url: "https://app.example.com/api/hooks/other", message: "msg_3")
        #expect(try await bench.send(body, to: "billing", fields: elsewhere).status == 401)
        #expect(try await bench.send(body, to: "billing", fields: [:]).status == 401)
    }
}
