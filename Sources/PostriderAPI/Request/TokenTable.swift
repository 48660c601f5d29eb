import Crypto
import HTTPTypes
package import PostriderCore
import QStashWire

/// Who may call: tokens by their hash, so that no secret stays in memory and a comparison tells nothing by its time.
package struct TokenTable: Sendable {
    /// What a token may do.
    package enum Access: String, Sendable {
        case full
        case readOnly = "read-only"
    }

    /// One token.
    package struct Token: Sendable {
        package var account: Account
        package var secret: String
        package var access: Access

        package init(account: Account, secret: String, access: Access) {
            self.account = account
            self.secret = secret
            self.access = access
        }
    }

    /// Whose call it is.
    package struct Caller: Hashable, Sendable {
        package var account: Account
        package var access: Access
    }

    /// Keyed by the SHA-256 of the secret: the look-up compares digests, which an attacker cannot steer.
    private let callers: [SHA256Digest: Caller]

    package init(_ tokens: [Token]) {
        self.callers = Dictionary(
            tokens.map { (SHA256.hash(data: Array($0.secret.utf8)), Caller(account: $0.account, access: $0.access)) },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// The caller a secret belongs to; nil when it is nobody's.
    package func caller(secret: some StringProtocol) -> Caller? {
        callers[SHA256.hash(data: Array(secret.utf8))]
    }

    /// The caller of a request: by `Authorization: Bearer`, else by the query's `qstash_token`.
    ///
    /// - Throws: ``APIError`` with 401.
    func caller(of request: APIRequest) throws(APIError) -> Caller {
        if let authorization = request.fields[.authorization] {
            let scheme = authorization.prefix(7)
            guard scheme.lowercased() == "bearer " else { throw .unauthorized }
            guard let caller = caller(secret: authorization.dropFirst(7)) else { throw .unauthorized }
            return caller
        }
        guard let query = request.query, let parameters = try? ControlParameters.parse(query: String(query)),
            let token = parameters.token, let caller = caller(secret: token)
        else { throw .unauthorized }
        return caller
    }
}
