import HTTPTypes
import PostriderJobs
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct StandardWebhooksSignatureTests {
    private let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    private let sentAt = Date(timeIntervalSince1970: 1_772_439_330)

    private func request(_ fields: HTTPFields, _ body: String = "{}", now: Date? = nil) -> SignedRequest {
        SignedRequest(
            head: HTTPRequest(method: .post, scheme: nil, authority: nil, path: "/", headerFields: fields),
            body: Array(body.utf8),
            url: "https://app.example.com/",
            now: now ?? sentAt
        )
    }

    private func changed(_ fields: HTTPFields, _ name: String, _ value: String?) throws -> HTTPFields {
        var fields = fields
        fields[try #require(HTTPField.Name(name))] = value
        return fields
    }

    @Test(arguments: StandardWebhooksFixture.all)
    func whatTheOfficialPackageSignsIsVerified(_ fixture: StandardWebhooksFixture) throws {
        for secret in fixture.secrets {
            let signature = try StandardWebhooksSignature(secrets: [secret])
            let verdict = try signature.verify(request(fixture.fields, fixture.body, now: fixture.sentAt))
            #expect(verdict == .valid(deliveryID: fixture.headers["webhook-id"]))
            #expect(
                try signature.verify(request(fixture.fields, fixture.body + " ", now: fixture.sentAt))
                    == .refused(reason: "signature_mismatch")
            )
        }
    }

    @Test(arguments: StandardWebhooksFixture.all)
    func weSignAsTheOfficialPackageDoes(_ fixture: StandardWebhooksFixture) throws {
        let fields = try StandardWebhooksSignature(secrets: fixture.secrets).fields(
            id: try #require(fixture.headers["webhook-id"]),
            now: fixture.sentAt,
            body: Array(fixture.body.utf8)
        )
        #expect(try fields == fixture.fields)
    }

    @Test func theFixturesAreThere() {
        #expect(StandardWebhooksFixture.all.count >= 9)
    }

    @Test func aSignatureHoldsForFiveMinutesInBothDirections() throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        for seconds in [-300.0, 0, 300] {
            let verdict = try signature.verify(request(fields, now: sentAt.addingTimeInterval(seconds)))
            #expect(verdict == .valid(deliveryID: "evt"))
        }
        #expect(
            try signature.verify(request(fields, now: sentAt.addingTimeInterval(301)))
                == .refused(reason: "timestamp_too_old")
        )
        #expect(
            try signature.verify(request(fields, now: sentAt.addingTimeInterval(-301)))
                == .refused(reason: "timestamp_too_new")
        )
    }

    @Test func idAndTimeAreSignedToo() throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        for (name, value) in [("webhook-id", "evt2"), ("webhook-timestamp", "1772439331")] {
            #expect(
                try signature.verify(request(changed(fields, name, value))) == .refused(reason: "signature_mismatch")
            )
        }
    }

    @Test(arguments: ["webhook-id", "webhook-timestamp", "webhook-signature"])
    func eachFieldMustBeThere(name: String) throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        for value in [nil, ""] {
            #expect(
                try signature.verify(request(changed(fields, name, value))) == .refused(reason: "signature_missing")
            )
        }
    }

    @Test(arguments: ["1772439330.0", "+1772439330", " 1772439330 x", "0x69a5", "99999999999999999999", "-1"])
    func aTimeIsWholeSecondsInDigits(text: String) throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        #expect(
            try signature.verify(request(changed(fields, "webhook-timestamp", text)))
                == .refused(reason: "signature_malformed")
        )
    }

    @Test func oneOfSeveralSignaturesIsEnoughAndOtherVersionsArePassedOver() throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        let name = try #require(HTTPField.Name("webhook-signature"))
        let right = try #require(fields[name])
        let others = "v1a,AAAA v1,AAAA v1,notbase64! v2,\(right.dropFirst(3))"
        let listed = try changed(fields, "webhook-signature", "\(others) \(right)")
        #expect(try signature.verify(request(listed)) == .valid(deliveryID: "evt"))
        let without = try changed(fields, "webhook-signature", others)
        #expect(try signature.verify(request(without)) == .refused(reason: "signature_mismatch"))
        let bare = try changed(fields, "webhook-signature", String(right.dropFirst(3)))
        #expect(try signature.verify(request(bare)) == .refused(reason: "signature_mismatch"))
    }

    @Test func onlySoManySignaturesAreLookedAt() throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        let fields = try signature.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        let name = try #require(HTTPField.Name("webhook-signature"))
        let right = try #require(fields[name])
        let many = Array(repeating: "v1,AAAA", count: 16).joined(separator: " ")
        #expect(
            try signature.verify(request(changed(fields, "webhook-signature", "\(many) \(right)")))
                == .refused(reason: "signature_mismatch")
        )
    }

    @Test func oldAndNewSecretHoldWhileTheyAreExchanged() throws {
        let new = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
        let both = try StandardWebhooksSignature(secrets: [new, secret])
        for sender in [[secret], [new], [secret, new]] {
            let fields = try StandardWebhooksSignature(secrets: sender)
                .fields(id: "evt", now: sentAt, body: Array("{}".utf8))
            #expect(try both.verify(request(fields)) == .valid(deliveryID: "evt"))
        }
        let fields = try both.fields(id: "evt", now: sentAt, body: Array("{}".utf8))
        let stranger = try StandardWebhooksSignature(secrets: ["whsec_" + String(repeating: "QUFB", count: 8)])
        #expect(try stranger.verify(request(fields)) == .refused(reason: "signature_mismatch"))
    }

    @Test(arguments: [
        "", "whsec_", "whsec_QUFB", "whsec_not base64 at all, is it?!", "whsec_" + String(repeating: "QUFB", count: 22),
    ])
    func aSecretOfAnotherFormIsRefusedWithoutRepeatingIt(text: String) {
        let error = #expect(throws: JobsError.self) { try StandardWebhooksSignature(secrets: [text]) }
        #expect(error?.code == .configurationInvalid)
        #expect(text.count < 7 || error?.description.contains(text) == false)
    }

    @Test func withoutASecretNothingCanBeChecked() throws {
        let none = try StandardWebhooksSignature(secrets: [])
        #expect(throws: JobsError.self) { try none.verify(request([:])) }
        #expect(throws: JobsError.self) { try none.fields(id: "evt", now: sentAt, body: []) }
    }

    @Test(arguments: ["", "a.b", "a b", "é", String(repeating: "x", count: 257)])
    func anIDThatCannotBeToldFromTheRestIsNotSigned(id: String) throws {
        let signature = try StandardWebhooksSignature(secrets: [secret])
        #expect(throws: JobsError.self) { try signature.fields(id: id, now: sentAt, body: []) }
    }
}
