import PostriderSQL
import Testing

extension SQLCheck {
    private struct Refused: Error {}

    static let notifications: [SQLCheck] = [
        SQLCheck("notifications come after the commit, in order, and not of what was rolled back") { bed in
            try await bed.makeItems()
            let (channel, item, database) = (bed.name, bed.item, bed.database)
            try await bed.whileRunning {
                var received = database.notifications(on: channel).makeAsyncIterator()
                #expect(await received.next() == .mayHaveMissed)
                await #expect(throws: Refused.self) {
                    try await database.transaction { transaction in
                        try transaction.notify(channel, "rolled back")
                        throw Refused()
                    }
                }
                try await database.transaction { transaction in
                    try transaction.execute("INSERT INTO \(item) (id) VALUES ('a')")
                    try transaction.notify(channel, "first ' \\ ☂")
                    #expect(throws: Refused.self) {
                        try transaction.savepoint {
                            try transaction.notify(channel, "undone")
                            throw Refused()
                        }
                    }
                    try transaction.notify("\(channel)2", "elsewhere")
                    try transaction.notify(channel, "second")
                }
                #expect(await received.next() == .payload("first ' \\ ☂"))
                // Whoever is told finds the row.
                #expect(try await bed.ids() == ["a"])
                #expect(await received.next() == .payload("second"))
            }
        },
        SQLCheck("everybody who listens is told") { bed in
            let (channel, database) = (bed.name, bed.database)
            try await bed.whileRunning {
                var first = database.notifications(on: channel).makeAsyncIterator()
                #expect(await first.next() == .mayHaveMissed)
                var second = database.notifications(on: channel).makeAsyncIterator()
                #expect(await second.next() == .mayHaveMissed)
                try await database.transaction { try $0.notify(channel, "x") }
                #expect(await second.next() == .payload("x"))
                var next = await first.next()
                // The second one's beginning may be told to the first too.
                if next == .mayHaveMissed { next = await first.next() }
                #expect(next == .payload("x"))
            }
        },
        SQLCheck("a notification that is too long, or of a channel without a name, is refused") { bed in
            let long = String(repeating: "x", count: 8_000)
            #expect(await sqlCode { try await bed.database.transaction { try $0.notify("c", long) } } == .invalid)
            #expect(await sqlCode { try await bed.database.transaction { try $0.notify("", "x") } } == .invalid)
            let name = String(repeating: "c", count: 64)
            #expect(await sqlCode { try await bed.database.transaction { try $0.notify(name, "x") } } == .invalid)
        },
        SQLCheck("closing ends the notifications") { bed in
            let database = bed.backend == .sqlite ? bed.database : try await bed.backend.open().database
            let notifications = database.notifications(on: "c")
            try await database.close()
            var kinds: [SQLNotification] = []
            for await notification in notifications { kinds.append(notification) }
            #expect(kinds.allSatisfy { $0 == .mayHaveMissed })
        },
    ]
}

extension SQLBed {
    /// Runs a body while the database delivers notifications.
    func whileRunning(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let database = database
        try await withThrowingTaskGroup { group in
            group.addTask { try await database.run() }
            try await body()
            group.cancelAll()
            while let result = await group.nextResult() {
                if case .failure(let error) = result, !(error is CancellationError) { throw error }
            }
        }
    }
}
