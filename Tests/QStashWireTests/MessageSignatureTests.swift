import Crypto
import QStashWire
import Testing

/// The test vector of the contract.
private enum Vector {
    static let token =
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLnRlc3QvaG9vaz94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfdmVjdG9yMSIsImJvZHkiOiJrNkk1Y2FrVTVlckw4S2pTVVZUTm93bkR3Y2N2dTVrVTFIeGc4OHRvRllnPSJ9.Npw56Y28mE-nHPCEcIj4Nvvoayi4UpNi0PIqqlBeZi0"
    static let keyText = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"
    static let url = "https://example.test/hook?x=1"
    static let body = Array(#"{"hello":"world"}"#.utf8)
}

@Suite struct MessageSignatureTests {
    private let current: SigningKey
    private let next: SigningKey

    init() throws {
        current = try #require(SigningKey(Vector.keyText))
        next = try #require(SigningKey("sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs"))
    }

    private func verify(
        _ token: String = Vector.token,
        body: [UInt8] = Vector.body,
        url: String? = Vector.url,
        now: Int64 = 1_700_000_100,
        tolerance: Int64 = 0,
        keys: [SigningKey]? = nil
    ) throws -> SignatureClaims {
        try MessageSignature.verify(
            token: token,
            body: body,
            url: url,
            nowSeconds: now,
            toleranceSeconds: tolerance,
            keys: keys ?? [current, next]
        )
    }

    private func failure(_ verification: () throws -> SignatureClaims) -> SignatureError.Code? {
        let error = #expect(throws: SignatureError.self) { try verification() }
        return error?.code
    }

    /// A token with any header and payload, correctly signed with the current key.
    private func token(header: String = #"{"alg":"HS256","typ":"JWT"}"#, payload: String) -> String {
        let signed = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8),
            using: SymmetricKey(data: Array(Vector.keyText.utf8))
        )
        return signed + "." + Base64URL.encode(Array(code))
    }

    private func payload(_ changes: [String: String?] = [:], extra: String = "") -> String {
        let claims = [
            ("iss", #""Upstash""#), ("sub", #""\#(Vector.url)""#), ("exp", "1700000300"), ("nbf", "0"),
            ("body", #""k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=""#),
        ]
        let members = claims.compactMap { name, value in
            guard let change = changes[name] else { return #""\#(name)":\#(value)"# }
            return change.map { #""\#(name)":\#($0)"# }
        }
        return "{" + members.joined(separator: ",") + extra + "}"
    }

    @Test func theVectorIsReproduced() {
        #expect(MessageSignature.bodyHash(Vector.body) == "k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg=")
        #expect(MessageSignature.bodyHash([]) == "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=")
        let token = MessageSignature.sign(
            body: Vector.body,
            url: Vector.url,
            issuedAtSeconds: 1_700_000_000,
            tokenID: "jwt_vector1",
            key: current
        )
        #expect(token == Vector.token)
    }

    @Test(arguments: [(1_700_000_000, 0), (1_700_000_299, 0), (1_700_000_300, 5), (0, 0)] as [(Int64, Int64)])
    func theVectorIsValidInItsTime(now: Int64, tolerance: Int64) throws {
        let claims = try verify(now: now, tolerance: tolerance)
        #expect(claims.tokenID == "jwt_vector1")
        #expect(claims.subject == Vector.url)
        #expect(claims.issuedAtSeconds == 1_700_000_000)
    }

    @Test func atItsExpiryATokenIsExpired() {
        #expect(failure { try verify(now: 1_700_000_300) } == .expired)
        #expect(failure { try verify(now: 1_700_000_305, tolerance: 5) } == .expired)
        #expect(failure { try verify(now: 1_700_000_300, tolerance: -5) } == .expired)
        #expect(failure { try verify(now: .max, tolerance: 5) } == .expired)
    }

    @Test func eitherKeyMayHaveSigned() throws {
        _ = try verify(keys: [next, current])
        #expect(failure { try verify(keys: [next]) } == .signatureMismatch)
        #expect(failure { try verify(keys: []) } == .signatureMismatch)
    }

    @Test func theKeyIncludesItsPrefix() throws {
        let bare = try #require(SigningKey("7kYjw48mhY7kAjqNGcy6cr29RJ6r"))
        #expect(failure { try verify(keys: [bare]) } == .signatureMismatch)
        #expect(SigningKey("") == nil)
        #expect("\(current) \(String(reflecting: current))".contains("7kYj") == false)
    }

    @Test func anotherBodyIsRefused() {
        #expect(failure { try verify(body: Array(#"{"hello": "world"}"#.utf8)) } == .bodyMismatch)
        #expect(failure { try verify(body: []) } == .bodyMismatch)
        #expect(failure { try verify(body: [0xFF, 0xFE]) } == .bodyMismatch)
    }

    @Test func anotherURLIsRefusedAndNoneIsNotChecked() throws {
        #expect(failure { try verify(url: "https://example.test/hook") } == .urlMismatch)
        #expect(failure { try verify(url: "https://example.test/hook?x=1&") } == .urlMismatch)
        #expect(failure { try verify(url: "") } == .urlMismatch)
        _ = try verify(url: nil)
    }

    @Test func urlsAreComparedAsBytes() {
        // The same letter in two forms, which Swift calls equal.
        let composed = MessageSignature.sign(
            body: [],
            url: "https://a.test/\u{E9}",
            issuedAtSeconds: 0,
            tokenID: "jwt_1",
            key: current
        )
        #expect(failure { try verify(composed, body: [], url: "https://a.test/e\u{301}", now: 1) } == .urlMismatch)
    }

    @Test func oneFlippedByteAnywhereIsRefused() {
        let bytes = Array(Vector.token.utf8)
        for index in bytes.indices {
            var changed = bytes
            changed[index] = changed[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(throws: SignatureError.self) { try verify(String(decoding: changed, as: UTF8.self)) }
        }
    }

    @Test(arguments: [
        #"{"alg":"none","typ":"JWT"}"#, #"{"alg":"HS512","typ":"JWT"}"#, #"{"alg":"HS384"}"#, #"{"alg":"RS256"}"#,
        #"{"alg":"hs256"}"#, #"{"typ":"JWT"}"#, #"{"alg":null}"#, #"{"alg":["HS256"]}"#,
        #"{"alg":"HS256","crit":["x"]}"#,
    ])
    func onlyHS256IsAccepted(header: String) {
        #expect(failure { try verify(token(header: header, payload: payload())) } == .algorithmUnsupported)
    }

    @Test func anUnsignedTokenIsRefused() {
        let parts = Vector.token.split(separator: ".")
        let header = Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8))
        #expect(failure { try verify("\(header).\(parts[1]).") } == .algorithmUnsupported)
        #expect(failure { try verify("\(parts[0]).\(parts[1]).") } == .signatureMismatch)
    }

    @Test(
        arguments: [
            ("iss", "\"upstash\"", .issuerInvalid), ("iss", "\"Upstash \"", .issuerInvalid),
            ("iss", "1", .claimInvalid),
            ("iss", nil, .claimInvalid), ("sub", nil, .claimInvalid), ("exp", nil, .claimInvalid),
            ("nbf", nil, .claimInvalid),
            ("body", nil, .claimInvalid), ("exp", "\"1700000300\"", .claimInvalid), ("exp", "1e400", .tokenMalformed),
            ("exp", "01", .tokenMalformed), ("exp", "-1", .expired), ("nbf", "1700000101", .notYetValid),
            ("nbf", "true", .claimInvalid), ("body", "\"\"", .bodyMismatch), ("sub", "\"\\ud800\"", .tokenMalformed),
            ("sub", "\"a\nb\"", .tokenMalformed), ("exp", "1700000100.0", .expired),
        ] as [(String, String?, SignatureError.Code)]
    )
    func claimsMustBeThereAndRight(name: String, value: String?, code: SignatureError.Code) {
        #expect(failure { try verify(token(payload: payload([name: value]))) } == code)
    }

    @Test(arguments: [
        #","aud":"","jti":1.5"#, #","x":{"y":[1,-2.5e+3,true,false,null,{}]},"z":[]"#,
        #" , "e" : "\u00e9\ud83d\ude00\n\/" "#,
    ])
    func otherClaimsDoNotMatter(extra: String) throws {
        _ = try verify(token(payload: payload(extra: extra)))
        _ = try verify(token(header: #"{ "typ":"JWT", "alg":"HS256", "kid":"x" }"#, payload: payload(extra: extra)))
    }

    @Test func anUnpaddedBodyHashIsAccepted() throws {
        let bare = payload(["body": #""k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg""#])
        _ = try verify(token(payload: bare))
    }

    @Test(arguments: [
        "", "{", "[]", "1", "{}x", "{\"a\":1,}", "{\"a\":1 \"b\":2}", "{\"a\":1,\"a\":1}", "{'a':1}", "{\"a\":+1}",
        "{\"a\":.5}",
        "{\"a\":tru}", "{\"a\":\"\\x\"}", "{\"a\":\"\\u12\"}", "{\"a\"}", "\u{FEFF}{}",
        "{\"a\":" + String(repeating: "[", count: 10_000), "{\"a\":" + String(repeating: "{\"a\":", count: 5_000),
    ])
    func payloadsThatAreNoObjectAreMalformed(payload: String) {
        #expect(failure { try verify(token(payload: payload)) } == .tokenMalformed)
    }

    @Test func aPayloadThatIsNotUTF8IsMalformed() {
        let signed =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9." + Base64URL.encode([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D])
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(signed.utf8),
            using: SymmetricKey(data: Array(Vector.keyText.utf8))
        )
        #expect(failure { try verify(signed + "." + Base64URL.encode(Array(code))) } == .tokenMalformed)
    }

    @Test(arguments: [
        ".", "..", "...", "a.b", "a.b.c.d", "ä.b.c", "\0", " " + Vector.token, Vector.token + ".", Vector.token + "\n",
    ])
    func textsThatAreNoTokenAreMalformed(text: String) {
        #expect(throws: SignatureError.self) { try verify(text) }
    }

    @Test func sizeIsBoundedAndAMissingTokenSaysSo() {
        #expect(failure { try verify(String(repeating: "a.", count: 1_000_000)) } == .tokenMalformed)
        #expect(failure { try verify("") } == .tokenMissing)
    }

    @Test func urlsWithQuotesAreEscaped() throws {
        let url = "https://a.test/\"x\"?q=\u{1F600}"
        let token = MessageSignature.sign(body: [1], url: url, issuedAtSeconds: 10, tokenID: "jwt_1", key: next)
        _ = try verify(token, body: [1], url: url, now: 11)
    }
}
