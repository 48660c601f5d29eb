import GRDBSQLite
import PostriderCore

/// The part of the store that writes; its verbs are in the parts of this type, each to be called inside a transaction.
final class Writer {
    /// A destination's url, whose number is the account's own.
    struct DestinationName: Hashable {
        let account: Int64
        let url: ExactText
    }

    /// A lane's name, whose number is the account's own.
    struct LaneName: Hashable {
        let account: Int64
        let kind: Lane.Kind
        let name: ExactText
    }

    private static let begin = SQLText("BEGIN IMMEDIATE")
    private static let commit = SQLText("COMMIT")

    let session: Session
    var accounts: InternCache<ExactText, Int64>
    var destinations: InternCache<DestinationName, Int64>
    var lanes: InternCache<LaneName, Int64>

    init(session: Session, settings: SQLiteSettings) {
        self.session = session
        self.accounts = InternCache(countMax: settings.internedCountMax)
        self.destinations = InternCache(countMax: settings.internedCountMax)
        self.lanes = InternCache(countMax: settings.internedCountMax)
    }

    /// Runs a transaction and makes it durable; when anything throws, nothing was written.
    func transaction<Value>(_ body: () throws -> Value) throws -> Value {
        try session.statement(Self.begin).run()
        do {
            let value = try body()
            try session.statement(Self.commit).run()
            return value
        } catch {
            rollBack()
            if session.isInTransaction {
                throw SQLFailure(code: SQLITE_IOERR, message: "a transaction cannot be ended after \(error)")
            }
            throw error
        }
    }

    private func rollBack() {
        // SQLite may have ended the transaction by itself.
        if session.isInTransaction { try? session.execute("ROLLBACK") }
        // Numbers given out in the transaction will be given out again, to others.
        accounts.forgetAll()
        destinations.forgetAll()
        lanes.forgetAll()
    }
}
