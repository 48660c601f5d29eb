import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StorageTrial {
    /// An entry of a number; failed so many seconds after the beginning.
    fileprivate func entry(_ number: Int, _ jobType: String = "resize-image", at seconds: Double) -> DeadLetterEntry {
        DeadLetterEntry(
            id: "22222222-2222-4222-8222-0000000000\(10 + number)",
            jobType: jobType,
            attempts: 4,
            error: "it broke: '; -- ü",
            errorCode: "internal",
            failedAt: at(seconds),
            messageID: "msg_\(number)",
            payload: #"{"imageID":"a","token":"[redacted]"}"#
        )
    }

    /// Adds an entry to a list of 3 that lives for 1000 s.
    @discardableResult
    fileprivate func push(_ entry: DeadLetterEntry) async throws -> Int {
        try await storage.deadLetters.push(entry, entriesMax: 3, ttl: .seconds(1_000))
    }

    fileprivate func messages(_ jobType: String?, limit: Int = 10, at seconds: Double) async throws -> [String?] {
        try await storage.deadLetters.entries(ofJobType: jobType, limit: limit, now: at(seconds)).map(\.messageID)
    }
}

extension StorageCheck {
    static let deadLettering: [StorageCheck] = [
        StorageCheck("an entry is listed as it was added") { trial in
            let index = trial.storage.deadLetters
            try trial.same(try await trial.push(trial.entry(1, at: 1)), 1, "the count")
            var bare = trial.entry(2, at: 2)
            bare = DeadLetterEntry(
                id: bare.id,
                jobType: bare.jobType,
                attempts: 1,
                error: "",
                errorCode: nil,
                failedAt: bare.failedAt,
                messageID: nil,
                payload: "null"
            )
            try trial.same(try await trial.push(bare), 2, "the count")
            let entries = try await index.entries(ofJobType: "resize-image", limit: 10, now: trial.at(3))
            try trial.same(entries, [bare, trial.entry(1, at: 1)], "the entries")
        },
        StorageCheck("entries are listed newest first, up to the limit") { trial in
            for number in 1...3 { try await trial.push(trial.entry(number, at: Double(number))) }
            let all = try await trial.messages("resize-image", at: 4)
            try trial.same(all, ["msg_3", "msg_2", "msg_1"], "the order")
            let two = try await trial.messages("resize-image", limit: 2, at: 4)
            try trial.same(two, ["msg_3", "msg_2"], "the first two")
        },
        StorageCheck("an entry that arrives late stands where its time is") { trial in
            for (number, seconds) in [(1, 1.0), (3, 3.0), (2, 2.0)] {
                try await trial.push(trial.entry(number, at: seconds))
            }
            let all = try await trial.messages("resize-image", at: 4)
            try trial.same(all, ["msg_3", "msg_2", "msg_1"], "the order")
        },
        StorageCheck("beyond its length a list loses the oldest") { trial in
            for number in 1...5 {
                let count = try await trial.push(trial.entry(number, at: Double(number)))
                try trial.same(count, min(number, 3), "the count after entry \(number)")
            }
            let all = try await trial.messages("resize-image", at: 6)
            try trial.same(all, ["msg_5", "msg_4", "msg_3"], "the entries")
        },
        StorageCheck("job types have lists of their own, which can be read together") { trial in
            try await trial.push(trial.entry(1, "resize-image", at: 1))
            try await trial.push(trial.entry(2, "send-mail", at: 2))
            try await trial.push(trial.entry(3, "resize-image", at: 3))
            try trial.same(try await trial.messages("send-mail", at: 4), ["msg_2"], "one list")
            try trial.same(try await trial.messages(nil, at: 4), ["msg_3", "msg_2", "msg_1"], "all lists")
            try trial.same(try await trial.messages(nil, limit: 2, at: 4), ["msg_3", "msg_2"], "the first of all")
            let index = trial.storage.deadLetters
            try trial.same(try await index.count(ofJobType: "resize-image", now: trial.at(4)), 2, "one count")
            try trial.same(try await index.count(ofJobType: nil, now: trial.at(4)), 3, "the count of all")
            try trial.same(try await index.count(ofJobType: "nothing", now: trial.at(4)), 0, "an unknown count")
        },
        StorageCheck("a list is forgotten so long after its newest entry") { trial in
            let index = trial.storage.deadLetters
            try await trial.push(trial.entry(1, at: 0))
            try await trial.push(trial.entry(2, at: 900))
            let before = try await trial.messages("resize-image", at: 1_899)
            try trial.same(before, ["msg_2", "msg_1"], "the entries just before")
            try trial.same(try await trial.messages("resize-image", at: 1_900), [], "the entries after it")
            try trial.same(try await index.count(ofJobType: nil, now: trial.at(1_900)), 0, "the count after it")
            try trial.same(try await trial.push(trial.entry(3, at: 2_000)), 1, "the count of the next list")
        },
        StorageCheck("lists that have run out are removed, and no others") { trial in
            let index = trial.storage.deadLetters
            try await trial.push(trial.entry(1, "resize-image", at: 0))
            try await trial.push(trial.entry(2, "resize-image", at: 900))
            try await trial.push(trial.entry(3, "send-mail", at: 901))
            let none = try await index.removeExpiredEntries(now: trial.at(1_899), limit: 10)
            try trial.same(none, 0, "the removals before a list has run out")
            let some = try await index.removeExpiredEntries(now: trial.at(1_900), limit: 10)
            try trial.same(some, 2, "the removals after one has")
            // Looked at as of before, when nothing had run out.
            try trial.same(try await trial.messages(nil, at: 950), ["msg_3"], "what is left")
            let again = try await index.removeExpiredEntries(now: trial.at(1_900), limit: 10)
            try trial.same(again, 0, "the removals of a second time")
        },
        StorageCheck("an entry is removed once") { trial in
            let index = trial.storage.deadLetters
            for number in 1...2 { try await trial.push(trial.entry(number, at: Double(number))) }
            let entry = trial.entry(1, at: 1)
            let first = try await index.remove(id: entry.id, jobType: entry.jobType)
            try trial.require(first, "the entry was not removed")
            let second = try await index.remove(id: entry.id, jobType: entry.jobType)
            try trial.require(!second, "the entry was removed twice")
            try trial.same(try await trial.messages("resize-image", at: 3), ["msg_2"], "what is left")
        },
        StorageCheck("an entry is not removed by another job type's name") { trial in
            try await trial.push(trial.entry(1, at: 1))
            let isRemoved = try await trial.storage.deadLetters.remove(
                id: trial.entry(1, at: 1).id,
                jobType: "send-mail"
            )
            try trial.require(!isRemoved, "the entry was removed")
            try trial.same(try await trial.messages("resize-image", at: 2), ["msg_1"], "what is left")
        },
        StorageCheck("of many that remove an entry at once exactly one does") { trial in
            let entry = trial.entry(1, at: 1)
            try await trial.push(entry)
            let got = try await trial.atOnce(20) { _ in
                try await trial.storage.deadLetters.remove(id: entry.id, jobType: entry.jobType)
            }
            try trial.same(got.count { $0 }, 1, "the number of removals")
        },
        StorageCheck("of entries that are added at once none is lost, and none is too much") { trial in
            _ = try await trial.atOnce(30) { number in
                try await trial.storage.deadLetters.push(
                    trial.entry(number, at: Double(number)),
                    entriesMax: 20,
                    ttl: .seconds(1_000)
                )
            }
            let entries = try await trial.storage.deadLetters.entries(ofJobType: nil, limit: 100, now: trial.at(31))
            let newest = (10..<30).reversed().map { Optional("msg_\($0)") }
            try trial.same(entries.map(\.messageID), newest, "the entries")
        },
    ]
}
