import PostriderCore

extension Writer {
    /// Reads, decides and writes signing keys; see ``MessageStore/updateSigningKeys(account:_:)``.
    func updateSigningKeys(
        account: Account,
        _ change: (SigningKeyRecord?) -> SigningKeyRecord
    ) throws -> SigningKeyRecord {
        let account = try id(of: account)
        let record = change(try SigningKeyRow.read(account, session))
        try SigningKeyRow.write(record, account: account, session)
        return record
    }
}
