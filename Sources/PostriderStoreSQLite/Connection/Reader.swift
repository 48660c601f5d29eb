import PostriderCore
import QStashWire

/// The part of the store that reads; its verbs are in the parts of this type.
final class Reader {
    private static let begin = SQLText("BEGIN")
    private static let commit = SQLText("COMMIT")

    let session: Session
    var accounts: InternCache<Int64, Account>
    var accountIDs: InternCache<ExactText, Int64>
    var destinations: InternCache<Int64, DestinationURL>
    var lanes: InternCache<Int64, Lane>

    init(session: Session, settings: SQLiteSettings) {
        self.session = session
        self.accounts = InternCache(countMax: settings.internedCountMax)
        self.accountIDs = InternCache(countMax: settings.internedCountMax)
        self.destinations = InternCache(countMax: settings.internedCountMax)
        self.lanes = InternCache(countMax: settings.internedCountMax)
    }

    /// Reads several times from one and the same state of the store.
    func snapshot<Value>(_ body: () throws -> Value) throws -> Value {
        try session.statement(Self.begin).run()
        defer {
            // A transaction that only read has nothing to lose when it does not end well.
            if (try? session.statement(Self.commit).run()) == nil { _ = try? session.execute("ROLLBACK") }
        }
        return try body()
    }
}
