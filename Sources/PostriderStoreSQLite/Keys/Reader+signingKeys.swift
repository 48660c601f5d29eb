import PostriderCore

extension Reader {
    /// The account's signing keys; see ``MessageStore/signingKeys(account:)``.
    func signingKeys(account: Account) throws -> SigningKeyRecord? {
        guard let account = try id(of: account) else { return nil }
        return try SigningKeyRow.read(account, session)
    }
}
