import PostriderCore

extension Writer {
    private static let addMessage = SQLText(
        """
        INSERT INTO message (key, account, destination, created_at, not_before, settings,
            source_message, source_attempt, source_failed_at, source_bytes, body)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    )
    private static let addLabel = SQLText(
        "INSERT OR IGNORE INTO message_label (account, label, message) VALUES (?, ?, ?)"
    )
    private static let addPending = SQLText(
        """
        INSERT INTO pending (key, account, partition, lane, due, retried, cancel_requested)
        VALUES (?, ?, ?, ?, ?, 0, 0)
        """
    )

    /// Stores messages that wait; see ``MessageStore/accept(_:)``.
    func accept(_ batch: [Acceptance]) throws -> [AcceptResult] {
        try pruneClaims(of: batch)
        var results: [AcceptResult] = []
        results.reserveCapacity(batch.count)
        for acceptance in batch {
            let message = acceptance.message
            let account = try id(of: message.account)
            if let claim = acceptance.deduplication, let holder = try take(claim, for: message, account: account) {
                results.append(.duplicate(of: holder))
            } else {
                try insert(message, account: account)
                results.append(.accepted)
            }
        }
        return results
    }

    /// Stores a message and lets it wait.
    ///
    /// - Parameter account: The number of the message's account.
    func insert(_ message: Message, account: Int64) throws {
        try insertRow(message, account: account)
        for label in message.settings.labels {
            let statement = try session.statement(Self.addLabel)
            try statement.bind(account, at: 1)
            try statement.bind(label, at: 2)
            try statement.bind(message.key.rawValue, at: 3)
            try statement.run()
        }
        let lane = message.lane
        let statement = try session.statement(Self.addPending)
        try statement.bind(message.key.rawValue, at: 1)
        try statement.bind(account, at: 2)
        try statement.bind(Int64(lane.partition.rawValue), at: 3)
        try statement.bind(id(of: lane, account: account), at: 4)
        try statement.bind(message.notBefore.milliseconds, at: 5)
        try statement.run()
    }

    private func insertRow(_ message: Message, account: Int64) throws {
        let destination = try id(of: message.destination, account: account)
        let statement = try session.statement(Self.addMessage)
        try statement.bind(message.key.rawValue, at: 1)
        try statement.bind(account, at: 2)
        try statement.bind(destination, at: 3)
        try statement.bind(message.createdAt.milliseconds, at: 4)
        try statement.bind(message.notBefore.milliseconds, at: 5)
        try statement.bind(MessageSettingsCodec.encode(message.settings), at: 6)
        var body: [UInt8]?
        var source: CallbackSource?
        switch message.body {
        case .bytes(let bytes): body = bytes
        case .callback(let callback): source = callback
        case .omitted: preconditionFailure("a message without its body: \(message.key.rawValue)")
        }
        try statement.bind(source?.message.rawValue, at: 7)
        try statement.bind(source?.attempt.rawValue, at: 8)
        try statement.bind(source?.deadLetter?.failedAt.milliseconds, at: 9)
        try statement.bind(source.map { Int64($0.byteCount) }, at: 10)
        try statement.run(binding: body, at: 11)
    }
}
