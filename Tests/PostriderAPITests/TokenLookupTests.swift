import HTTPTypes
import PostriderCore
import Testing

@testable import PostriderAPI

@Suite struct TokenLookupTests {
    private static let table = TokenTable([
        .init(account: .standard, secret: "alpha", access: .full),
        .init(account: .standard, secret: "beta", access: .readOnly),
        .init(account: Account(name: "team"), secret: "gamma é", access: .full),
        .init(account: Account(name: "late"), secret: "alpha", access: .readOnly),
    ])

    private static func request(_ target: String, authorization: [String] = []) -> APIRequest {
        var fields = HTTPFields()
        for value in authorization { fields.append(HTTPField(name: .authorization, value: value)) }
        return APIRequest(method: .get, target: target, fields: fields, body: BytesReader([]), peer: nil)
    }

    @Test func aSecretStandsForItsAccountAndAccess() {
        #expect(Self.table.caller(secret: "alpha") == .init(account: .standard, access: .full))
        #expect(Self.table.caller(secret: "beta") == .init(account: .standard, access: .readOnly))
        #expect(Self.table.caller(secret: "gamma é") == .init(account: Account(name: "team"), access: .full))
        #expect(Self.table.caller(secret: "alphabet".prefix(5))?.access == .full)
    }

    @Test func aSecretGivenTwiceBelongsToTheFirst() {
        #expect(Self.table.caller(secret: "alpha")?.account == .standard)
    }

    @Test(arguments: [
        "", "alph", "alphaa", "Alpha", " alpha", "alpha ", "alpha\0", "alpha\n", "gamma e\u{301}", "gamma e",
    ])
    func anythingElseIsNobodys(secret: String) {
        #expect(Self.table.caller(secret: secret) == nil)
    }

    @Test func anEmptyTableOpensToNobody() {
        #expect(TokenTable([]).caller(secret: "") == nil)
        let error = #expect(throws: APIError.self) {
            try TokenTable([]).caller(of: Self.request("/", authorization: ["Bearer "]))
        }
        #expect(error == .unauthorized)
    }

    @Test(arguments: [
        ("/", ["Bearer beta"]), ("/?qstash_token=alpha", ["Bearer beta"]), ("/?qstash_token=beta", []),
        ("/x?a=1&qstash_token=beta&b=%zz", []),
    ])
    func theHeaderComesBeforeTheQuery(target: String, authorization: [String]) throws {
        let caller = try Self.table.caller(of: Self.request(target, authorization: authorization))
        #expect(caller == .init(account: .standard, access: .readOnly))
    }

    @Test(arguments: [
        ("/", []), ("/?qstash_token=wrong", []), ("/?qstash_token=alpha", ["Bearer wrong"]),
        ("/?qstash_token=alpha", [""]), ("/", ["Bearer alpha", "Bearer beta"]), ("/?qstash_token=alph%61%", []),
        ("/qstash_token=alpha", []),
    ])
    func whatIsNotOneGoodTokenIsRefused(target: String, authorization: [String]) {
        let error = #expect(throws: APIError.self) {
            try Self.table.caller(of: Self.request(target, authorization: authorization))
        }
        #expect(error == .unauthorized)
    }
}
