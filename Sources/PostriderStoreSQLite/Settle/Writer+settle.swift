import PostriderCore

extension Writer {
    private static let removePendingOfAccount = SQLText("DELETE FROM pending WHERE key = ? AND account = ?")
    private static let removePending = SQLText("DELETE FROM pending WHERE key = ?")
    private static let findMark = SQLText("SELECT cancel_requested FROM pending WHERE key = ? AND account = ?")
    private static let movePending = SQLText("UPDATE pending SET due = ?, retried = ? WHERE key = ?")
    private static let findVerdict = SQLText(
        "SELECT verdict FROM attempt WHERE key = ? AND message = ? AND account = ?"
    )
    private static let addAttempt = SQLText(
        """
        INSERT INTO attempt (key, message, account, retried, started_at, ended_at, verdict, status, next_due, error,
            response_headers, response_body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    private static let addDeadLetter = SQLText(
        "INSERT INTO dead_letter (message, account, failed_at, attempt) VALUES (?, ?, ?, ?)"
    )

    /// Ends an attempt; see ``MessageStore/settle(_:fence:)``.
    func settle(_ settlement: Settlement) throws -> SettleResult {
        let attempt = settlement.attempt
        guard let account = try existingID(of: attempt.account) else { return .gone }
        if attempt.verdict == .delivered { return try settleDelivered(settlement, account: account) }
        if let stored = try storedResult(settlement, account: account) { return stored }
        let find = try session.statement(Self.findMark)
        try find.bind(attempt.message.rawValue, at: 1)
        try find.bind(account, at: 2)
        guard try find.step() else { return .gone }
        let resolved = settlement.resolved(isCancelRequested: find.integer(0) != 0)
        find.reset()
        if resolved.attempt.verdict == .retry {
            try move(resolved)
        } else {
            let remove = try session.statement(Self.removePending)
            try remove.bind(attempt.message.rawValue, at: 1)
            try remove.run()
        }
        try store(resolved, account: account)
        return .settled(resolved)
    }

    // Nearly every settlement is this one, and no cancel mark changes it: it need not be read.
    private func settleDelivered(_ settlement: Settlement, account: Int64) throws -> SettleResult {
        let remove = try session.statement(Self.removePendingOfAccount)
        try remove.bind(settlement.attempt.message.rawValue, at: 1)
        try remove.bind(account, at: 2)
        try remove.run()
        guard session.changedRowCount > 0 else { return try storedResult(settlement, account: account) ?? .gone }
        try store(settlement, account: account)
        return .settled(settlement)
    }

    /// What became of this very attempt when it was settled before and the answer was lost; nil when it was not.
    private func storedResult(_ settlement: Settlement, account: Int64) throws -> SettleResult? {
        let find = try session.statement(Self.findVerdict)
        try find.bind(settlement.attempt.key.rawValue, at: 1)
        try find.bind(settlement.attempt.message.rawValue, at: 2)
        try find.bind(account, at: 3)
        guard try find.step() else { return nil }
        let isCanceled = find.integer(0) == Int64(Attempt.Verdict.canceled.rawValue)
        find.reset()
        return .settled(settlement.resolved(isCancelRequested: isCanceled))
    }

    private func move(_ settlement: Settlement) throws {
        let statement = try session.statement(Self.movePending)
        try statement.bind(settlement.requiredNextDue.milliseconds, at: 1)
        try statement.bind(Int64(settlement.attempt.retried) + 1, at: 2)
        try statement.bind(settlement.attempt.message.rawValue, at: 3)
        try statement.run()
    }

    private func store(_ settlement: Settlement, account: Int64) throws {
        try insert(settlement.attempt, account: account)
        if let letter = settlement.deadLetter {
            let statement = try session.statement(Self.addDeadLetter)
            try statement.bind(letter.message.rawValue, at: 1)
            try statement.bind(account, at: 2)
            try statement.bind(letter.failedAt.milliseconds, at: 3)
            try statement.bind(settlement.attempt.key.rawValue, at: 4)
            try statement.run()
        }
        for message in settlement.newMessages {
            try insert(message, account: id(of: message.account))
        }
    }

    private func insert(_ attempt: Attempt, account: Int64) throws {
        let statement = try session.statement(Self.addAttempt)
        try statement.bind(attempt.key.rawValue, at: 1)
        try statement.bind(attempt.message.rawValue, at: 2)
        try statement.bind(account, at: 3)
        try statement.bind(Int64(attempt.retried), at: 4)
        try statement.bind(attempt.startedAt.milliseconds, at: 5)
        try statement.bind(attempt.endedAt.milliseconds, at: 6)
        try statement.bind(Int64(attempt.verdict.rawValue), at: 7)
        try statement.bind(Int64(attempt.status), at: 8)
        try statement.bind(attempt.nextDue?.milliseconds, at: 9)
        try statement.bind(attempt.error, at: 10)
        try statement.bind(HeaderListCodec.encode(attempt.responseHeaders), at: 11)
        try statement.run(binding: attempt.responseBody, at: 12)
    }
}
