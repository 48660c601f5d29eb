import HTTPTypes
import QStash
import QStashWire
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct QStashReceiverTests {
    @Test(arguments: [(1_700_000_000, 0), (1_700_000_299, 0), (1_700_000_299.9, 0), (1_700_000_300, 5)])
    func theVectorIsValidInItsTime(now: Double, tolerance: Int) throws {
        let receiver = try SignedSample.receiver(tolerance: .seconds(tolerance), at: now)
        let signature = try receiver.verify(SignedSample.body, signature: SignedSample.token, url: SignedSample.url)
        #expect(signature.url == SignedSample.url)
        #expect(signature.issuedAt == Date(timeIntervalSince1970: 1_700_000_000))
        #expect(signature.expiresAt == Date(timeIntervalSince1970: 1_700_000_300))
        #expect(signature.tokenID == "jwt_vector1")
        #expect(signature.key == .current)
    }

    @Test(
        arguments: [(1_700_000_300, 0), (1_700_000_305, 5), (.infinity, 5), (.nan, 5), (1e300, 5)] as [(Double, Int)]
    )
    func atItsExpiryTheVectorIsRefused(now: Double, tolerance: Int) throws {
        let receiver = try SignedSample.receiver(tolerance: .seconds(tolerance), at: now)
        #expect(throws: SignatureVerificationError(.expired)) {
            try receiver.verify(SignedSample.body, signature: SignedSample.token)
        }
    }

    @Test func aPartOfASecondOfToleranceIsAWholeOne() throws {
        let receiver = try SignedSample.receiver(tolerance: .milliseconds(1), at: 1_700_000_300)
        try receiver.verify(SignedSample.body, signature: SignedSample.token)
        let last = try SignedSample.receiver(tolerance: .seconds(Int64.max), at: 1_700_000_300)
        try last.verify(SignedSample.body, signature: SignedSample.token)
    }

    @Test func beforeItsTimeATokenIsRefused() throws {
        let token = SignedSample.token(payload: SignedSample.payload(["nbf": "1700000101"]))
        #expect(throws: SignatureVerificationError(.notYetValid)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: token)
        }
        try SignedSample.receiver(tolerance: .seconds(1)).verify(SignedSample.body, signature: token)
    }

    @Test(arguments: [nil, ""])
    func aMissingSignatureIsRefused(signature: String?) throws {
        #expect(throws: SignatureVerificationError(.tokenMissing)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: signature)
        }
    }

    @Test func eitherKeyIsAcceptedAndNamed() throws {
        let rotated = try SignedSample.receiver(current: "sig_another", next: SignedSample.currentKey)
        #expect(try rotated.verify(SignedSample.body, signature: SignedSample.token).key == .next)
        let twice = try SignedSample.receiver(next: SignedSample.currentKey)
        #expect(try twice.verify(SignedSample.body, signature: SignedSample.token).key == .current)
    }

    @Test(arguments: [("sig_one", "sig_two"), ("7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_two")])
    func keysThatDidNotSignAreRefused(current: String, next: String) throws {
        #expect(throws: SignatureVerificationError(.signatureMismatch)) {
            try SignedSample.receiver(current: current, next: next)
                .verify(SignedSample.body, signature: SignedSample.token)
        }
    }

    @Test(arguments: [#"{"hello": "world"}"#, "", #"{"hello":"world"}\#n"#, "x"])
    func anotherBodyIsRefused(text: String) throws {
        #expect(throws: SignatureVerificationError(.bodyMismatch)) {
            try SignedSample.receiver().verify(text, signature: SignedSample.token)
        }
    }

    @Test(arguments: [
        "https://example.test/hook", "https://example.test/hook?x=1&", "https://EXAMPLE.test/hook?x=1", "",
    ])
    func anotherURLIsRefused(url: String) throws {
        #expect(throws: SignatureVerificationError(.urlMismatch)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: SignedSample.token, url: url)
        }
    }

    @Test(arguments: [
        #"{"alg":"none","typ":"JWT"}"#, #"{"alg":"HS512","typ":"JWT"}"#, #"{"alg":"HS384","typ":"JWT"}"#,
        #"{"alg":"RS256"}"#, #"{"typ":"JWT"}"#, #"{"alg":"HS256","crit":["exp"],"exp":1}"#,
    ])
    func onlyHS256WithoutExtensionsIsAccepted(header: String) throws {
        #expect(throws: SignatureVerificationError(.algorithmUnsupported)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: SignedSample.token(header: header))
        }
    }

    @Test(
        arguments: [
            ("iss", #""upstash""#, .issuerInvalid), ("iss", nil, .claimInvalid), ("sub", nil, .claimInvalid),
            ("exp", nil, .claimInvalid), ("nbf", nil, .claimInvalid), ("body", nil, .claimInvalid),
            ("exp", #""1700000300""#, .claimInvalid), ("exp", "1700000100", .expired),
            ("exp", "1e999", .tokenMalformed),
            ("body", #""""#, .bodyMismatch),
        ] as [(String, String?, SignatureVerificationError.Code)]
    )
    func claimsMustBeThereAndRight(name: String, value: String?, code: SignatureVerificationError.Code) throws {
        let token = SignedSample.token(payload: SignedSample.payload([name: value]))
        #expect(throws: SignatureVerificationError(code)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: token)
        }
    }

    @Test func oneFlippedByteOfThePayloadIsRefused() throws {
        let receiver = try SignedSample.receiver()
        let bytes = Array(SignedSample.token.utf8)
        let firstDot = try #require(bytes.firstIndex(of: UInt8(ascii: ".")))
        let lastDot = try #require(bytes.lastIndex(of: UInt8(ascii: ".")))
        for index in firstDot + 1..<lastDot {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let token = String(decoding: changed, as: UTF8.self)
            let error = #expect(throws: SignatureVerificationError.self) {
                try receiver.verify(SignedSample.body, signature: token)
            }
            // The last character carries bits that must be 0, so that a change of it can make it no base64 at all.
            #expect(error?.code == .signatureMismatch || error?.code == .tokenMalformed)
        }
    }

    @Test(arguments: [
        "x", "a.b", "..", SignedSample.token + ".x", SignedSample.token + "\n", String(repeating: "a", count: 70_000),
    ])
    func textThatIsNoTokenIsRefused(token: String) throws {
        #expect(throws: SignatureVerificationError(.tokenMalformed)) {
            try SignedSample.receiver().verify(SignedSample.body, signature: token)
        }
    }

    @Test func tokensMayLackWhatIsOptional() throws {
        let bare = SignedSample.token(payload: SignedSample.payload(["iat": nil, "jti": nil]))
        let signature = try SignedSample.receiver().verify(SignedSample.body, signature: bare)
        #expect(signature.issuedAt == nil)
        #expect(signature.tokenID == nil)
        let unpadded = SignedSample.payload(["body": "\"\(SignedSample.paddedHash.dropLast())\""])
        try SignedSample.receiver().verify(SignedSample.body, signature: SignedSample.token(payload: unpadded))
    }

    @Test(arguments: [[], [0xFF, 0xFE, 0x00, 0xC3], Array(repeating: 0x41, count: 100_000)] as [[UInt8]])
    func bodiesAreBytes(body: [UInt8]) throws {
        let key = try #require(SigningKey(SignedSample.nextKey))
        let token = MessageSignature.sign(
            body: body,
            url: SignedSample.url,
            issuedAtSeconds: 1_700_000_000,
            tokenID: "jwt_1",
            key: key
        )
        let receiver = try SignedSample.receiver()
        let signature = try receiver.verify(body, signature: token, url: SignedSample.url)
        #expect(signature.key == .next)
        #expect(try receiver.verify(body.span, signature: token) == signature)
        #expect(try receiver.verify(Data(body), signature: token) == signature)
        #expect(try receiver.verify(body.lazy.map { $0 }, signature: token) == signature)
        #expect(throws: SignatureVerificationError(.bodyMismatch)) { try receiver.verify(body + [0], signature: token) }
        #expect(throws: SignatureVerificationError(.bodyMismatch)) {
            try receiver.verify(Data(body + [0]), signature: token)
        }
    }

    @Test func headersCarryTheSignature() throws {
        let receiver = try SignedSample.receiver()
        let name = try #require(HTTPField.Name("upstash-signature"))
        var headers: HTTPFields = [name: SignedSample.token]
        #expect(try receiver.verify(SignedSample.body, headers: headers, url: SignedSample.url).key == .current)
        #expect(throws: SignatureVerificationError(.urlMismatch)) {
            try receiver.verify(SignedSample.body, headers: headers, url: "https://example.test/")
        }
        headers.append(HTTPField(name: name, value: SignedSample.token))
        #expect(throws: SignatureVerificationError(.tokenMalformed)) {
            try receiver.verify(SignedSample.body, headers: headers)
        }
        #expect(throws: SignatureVerificationError(.tokenMissing)) {
            try receiver.verify(SignedSample.body, headers: [:])
        }
    }

    @Test(arguments: [
        ("", "sig_2", 0, "currentSigningKey"), ("sig_1", "", 0, "nextSigningKey"),
        ("sig_1", "sig_2", -1, "clockTolerance"),
    ])
    func aReceiverThatCannotWorkIsRefused(current: String, next: String, tolerance: Int, option: String) throws {
        let error = #expect(throws: QStashError.self) {
            try SignedSample.receiver(current: current, next: next, tolerance: .milliseconds(tolerance))
        }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.option == option)
        #expect(error?.debugDescription.contains("sig_") == false)
    }

    @Test func keysDoNotReachALog() throws {
        let receiver = try SignedSample.receiver()
        var text = "\(receiver) \(String(reflecting: receiver)) "
        dump(receiver, to: &text)
        dump(try #require(SigningKey(SignedSample.currentKey)), to: &text)
        #expect(text.contains("QStashReceiver"))
        #expect(!text.contains("7kYjw"))
        #expect(!text.contains("hmac") && !text.contains("keyed"))
    }

    @Test func errorsNameTheirCheckAlone() throws {
        let codes: [SignatureError.Code: SignatureVerificationError.Code] = [
            .tokenMissing: .tokenMissing, .tokenMalformed: .tokenMalformed,
            .algorithmUnsupported: .algorithmUnsupported, .signatureMismatch: .signatureMismatch,
            .claimInvalid: .claimInvalid, .issuerInvalid: .issuerInvalid, .expired: .expired,
            .notYetValid: .notYetValid, .urlMismatch: .urlMismatch, .bodyMismatch: .bodyMismatch,
        ]
        for (wire, code) in codes {
            #expect(wire.rawValue == code.description)
            #expect("\(SignatureVerificationError(code))" == "signature refused: \(wire.rawValue)")
        }
    }

    @Test func theDefaultClockIsTheMachines() {
        #expect(abs(QStashReceiver.systemTime().timeIntervalSinceNow) < 60)
    }
}
