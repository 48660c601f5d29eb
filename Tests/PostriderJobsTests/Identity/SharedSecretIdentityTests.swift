import Crypto
import HTTPTypes
import PostriderJobsConformance
import QStashWire
import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct SharedSecretIdentityTests {
    private static let secret = "your-256-bit-secret-your-256-bit-secret"
    private let clock = ManualJobClock(now: Date(timeIntervalSince1970: 1_750_000_000))

    private func identity(
        _ secrets: [String] = [Self.secret],
        issuer: String? = nil,
        audience: String? = nil,
        operatorClaim: SharedSecretIdentity.OperatorClaim? = nil
    ) throws -> SharedSecretIdentity {
        try SharedSecretIdentity(
            secrets: secrets,
            clock: clock,
            issuer: issuer,
            audience: audience,
            operatorClaim: operatorClaim
        )
    }

    private func user(_ token: String, _ identity: SharedSecretIdentity) -> Identity? {
        identity.identity(of: request(["Bearer \(token)"]))
    }

    private func request(_ authorizations: [String]) -> JobRequest {
        var fields = HTTPFields()
        for value in authorizations { fields.append(HTTPField(name: .authorization, value: value)) }
        return JobRequest(
            head: HTTPRequest(method: .get, scheme: nil, authority: nil, path: "/", headerFields: fields)
        )
    }

    private func seconds(_ offset: Int64) -> JSONValue {
        .integer(Int64(clock.now.timeIntervalSince1970) + offset)
    }

    private func claims(_ more: [String: JSONValue?] = [:]) -> JSONValue {
        var claims: [String: JSONValue] = ["sub": "user-1", "exp": seconds(60)]
        for (name, value) in more { claims[name] = value }
        return .object(claims)
    }

    @Test func aTokenOfAnotherLibraryIsAccepted() throws {
        // pyjwt 2.9.0: jwt.encode({"sub": "user-1", "exp": 1750000060}, secret, "HS256")
        let token =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ1c2VyLTEiLCJleHAiOjE3NTAwMDAwNjB9.FAVcQJCtTSpZvAC2f5Z5UZ9J6gXxs2oilrgEdwW3wPU"
        #expect(try user(token, identity()) == Identity(userID: "user-1"))
    }

    @Test func ourOwnTokensAreAccepted() throws {
        let identity = try identity(
            issuer: "https://login.example.com",
            audience: "jobs",
            operatorClaim: .init(name: "role", value: "operator")
        )
        for user in [Identity(userID: "u"), Identity(userID: "o", isOperator: true)] {
            #expect(self.user(try identity.token(for: user), identity) == user)
        }
    }

    @Test func aTokenHoldsUntilItExpiresGiveOrTakeHalfAMinute() throws {
        let identity = try identity()
        let token = try identity.token(for: Identity(userID: "u"), validFor: .seconds(60))
        clock.advance(by: .seconds(89))
        #expect(user(token, identity) != nil)
        clock.advance(by: .seconds(1))
        #expect(user(token, identity) == nil)
    }

    @Test func aTokenWhoseTimeHasNotComeIsRefused() throws {
        let identity = try identity()
        #expect(user(identity.signed(claims(["nbf": seconds(30)])), identity) != nil)
        #expect(user(identity.signed(claims(["nbf": seconds(31)])), identity) == nil)
        #expect(user(identity.signed(claims(["nbf": "now"])), identity) == nil)
    }

    @Test func aTokenWithoutEndIsRefused() throws {
        let identity = try identity()
        for expiry: JSONValue? in [nil, .null, "2099-01-01", true] {
            #expect(user(identity.signed(claims(["exp": expiry])), identity) == nil)
        }
    }

    @Test func aTokenNamesItsUser() throws {
        let identity = try identity()
        let long = String(repeating: "x", count: 256)
        for subject: JSONValue? in [nil, .null, "", 7, .string(long)] {
            #expect(user(identity.signed(claims(["sub": subject])), identity) == nil)
        }
        #expect(user(identity.signed(claims(["sub": .string(String(long.dropLast()))])), identity) != nil)
    }

    @Test func noTokenChoosesAWeakerCheck() throws {
        let identity = try identity()
        let headers = [
            #"{"alg":"none"}"#, #"{"alg":"HS512"}"#, #"{"alg":"RS256"}"#, #"{"alg":"hs256"}"#, "{}", "[]", "x",
            #"{"alg":"HS256","crit":["exp"]}"#,
        ]
        for header in headers {
            let token = identity.signed(claims(), header: Base64URL.encode(Array(header.utf8)))
            #expect(user(token, identity) == nil, "\(header)")
        }
        let unsigned = Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64URL.encode(claims().bytes) + "."
        #expect(user(unsigned, identity) == nil)
    }

    @Test func aTokenThatWasChangedIsRefused() throws {
        let identity = try identity()
        let parts = identity.signed(claims()).split(separator: ".").map { String($0) }
        let other = Base64URL.encode(claims(["sub": "user-2"]).bytes)
        #expect(user("\(parts[0]).\(other).\(parts[2])", identity) == nil)
        #expect(user("\(parts[0]).\(parts[1]).\(parts[2].dropLast(2))", identity) == nil)
        #expect(user("\(parts[0]).\(parts[1])", identity) == nil)
        #expect(user(parts.joined(separator: ".") + ".x", identity) == nil)
        #expect(user(parts.joined(separator: "."), identity) != nil)
    }

    @Test func issuerAndAudienceCountWhereTheyAreConfigured() throws {
        let identity = try identity(issuer: "a", audience: "b")
        #expect(user(identity.signed(claims(["iss": "a", "aud": "b"])), identity) != nil)
        #expect(user(identity.signed(claims(["iss": "a", "aud": ["c", "b"]])), identity) != nil)
        for wrong: [String: JSONValue?] in [
            [:], ["iss": "a"], ["aud": "b"], ["iss": "x", "aud": "b"], ["iss": "a", "aud": ["x"]],
            ["iss": ["a"], "aud": "b"],
        ] {
            #expect(user(identity.signed(claims(wrong)), identity) == nil)
        }
    }

    @Test func onlyTheConfiguredClaimMakesAnOperator() throws {
        let plain = try identity()
        let claim = SharedSecretIdentity.OperatorClaim(name: "roles", value: "operator")
        let identity = try identity(operatorClaim: claim)
        for (roles, expected): (JSONValue?, Bool) in [
            ("operator", true), (["user", "operator"], true), (["user"], false), ("operators", false), (true, false),
            (nil, false),
        ] {
            let token = identity.signed(claims(["roles": roles]))
            #expect(user(token, identity)?.isOperator == expected)
            #expect(user(token, plain)?.isOperator == false)
        }
        #expect(throws: JobsError.self) { try plain.token(for: Identity(userID: "o", isOperator: true)) }
    }

    @Test func oldAndNewSecretHoldWhileTheyAreExchanged() throws {
        let old = try identity()
        let new = try identity([Self.secret + "-new"])
        let both = try identity([Self.secret + "-new", Self.secret])
        for sender in [old, new, both] {
            #expect(user(try sender.token(for: Identity(userID: "u")), both) != nil)
        }
        #expect(user(try old.token(for: Identity(userID: "u")), new) == nil)
    }

    @Test func aTokenComesInOneFieldOfTheRightScheme() throws {
        let identity = try identity()
        let token = try identity.token(for: Identity(userID: "u"))
        for accepted in ["Bearer \(token)", "bearer  \(token)"] {
            #expect(identity.identity(of: request([accepted])) != nil)
        }
        for refused in [
            [], [""], ["Bearer"], [token], ["Basic \(token)"], ["Bearer \(token) x"],
            ["Bearer \(token)", "Bearer \(token)"],
        ] {
            #expect(identity.identity(of: request(refused)) == nil)
        }
    }

    @Test func aTokenWithoutBoundIsRefused() throws {
        let identity = try identity()
        let token = identity.signed(claims(["note": .string(String(repeating: "x", count: 8_192))]))
        #expect(user(token, identity) == nil)
    }

    @Test(arguments: [[], ["", Self.secret], ["0123456789abcdef0123456789abcde"]])
    func aSecretTooShortIsRefused(secrets: [String]) {
        let error = #expect(throws: JobsError.self) { try identity(secrets) }
        #expect(error?.code == .configurationInvalid)
    }

    @Test func theSecretIsInNoDump() throws {
        var text = ""
        dump(try identity(), to: &text)
        #expect(text == "- SharedSecretIdentity\n")
    }
}
