import PostriderJobs

extension StorageCheck {
    static let committing: [StorageCheck] = [
        StorageCheck("what is committed is done, for everybody") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let isCommitted = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            try trial.require(isCommitted, "the owner could not commit")
            for token in ["a", "b"] {
                let got = try await trial.ledger.acquire(trial.lock(token: token), now: trial.at(2))
                try trial.same(got, .done, "the acquisition by \(token)")
            }
        },
        StorageCheck("what is done is remembered for as long as the completion says") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            let before = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(86_400))
            try trial.same(before, .done, "the acquisition just before the end")
            let after = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(86_401))
            try trial.same(after, .acquired, "the acquisition at the end")
        },
        StorageCheck("a commit is refused when another holds the lock") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(30))
            let isCommitted = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 31))
            try trial.require(!isCommitted, "a commit passed without the lock")
            let got = try await trial.ledger.acquire(trial.lock(token: "c"), now: trial.at(31))
            try trial.same(got, .held(remaining: .seconds(29)), "the acquisition after it")
        },
        StorageCheck("a commit is refused when the lock has run out") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let isCommitted = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 30))
            try trial.require(!isCommitted, "a commit passed with a lock that had run out")
        },
        StorageCheck("a commit is refused without a lock") { trial in
            let isCommitted = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 0))
            try trial.require(!isCommitted, "a commit passed without any lock")
            try trial.same(try await trial.ledger.acquire(trial.lock(), now: trial.at(1)), .acquired, "the acquisition")
        },
        StorageCheck("a second commit is refused") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            let isCommitted = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 2))
            try trial.require(!isCommitted, "the second commit passed")
        },
        StorageCheck("a commit ends lock, reservation and record together") { trial in
            try await trial.records.create(trial.record())
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.apply([.started(attempt: 1, maxRetries: 3, messageID: "msg_1")], to: "request-1")
            let isCommitted = try await trial.ledger.commit(
                trial.completion(
                    of: trial.lock(),
                    reservation: trial.reservation(),
                    requestID: "request-1",
                    change: .completed(resultData: nil),
                    at: 5
                )
            )
            try trial.require(isCommitted, "the commit was refused")
            let claim = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(1_000))
            try trial.same(claim, .duplicate, "another's reservation after the short time")
            let record = try await trial.records.record("request-1")
            try trial.same(record?.status, .completed, "the status of the record")
            try trial.same(record?.progress, 100, "the progress of the record")
            try trial.same(record?.completedAt, trial.at(5), "the end of the record")
            try trial.same(record?.version, 3, "the version of the record")
        },
        StorageCheck("a refused commit leaves reservation and record as they were") { trial in
            try await trial.records.create(trial.record())
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            let before = try await trial.apply(
                [.started(attempt: 1, maxRetries: 3, messageID: "msg_1")],
                to: "request-1"
            )
            let isCommitted = try await trial.ledger.commit(
                trial.completion(
                    of: trial.lock(),
                    reservation: trial.reservation(),
                    requestID: "request-1",
                    change: .completed(resultData: nil),
                    at: 31
                )
            )
            try trial.require(!isCommitted, "the commit passed")
            try trial.same(try await trial.records.record("request-1"), before, "the record")
            let claim = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(300))
            try trial.same(claim, .reserved, "another's reservation when the first has run out")
        },
        StorageCheck("a commit passes although the record has been cancelled, which stays as it is") { trial in
            try await trial.records.create(trial.record())
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let cancelled = try await trial.apply(
                [.started(attempt: 1, maxRetries: 3, messageID: "msg_1"), .cancelled],
                to: "request-1"
            )
            let isCommitted = try await trial.ledger.commit(
                trial.completion(
                    of: trial.lock(),
                    requestID: "request-1",
                    change: .completed(resultData: nil),
                    at: 5
                )
            )
            try trial.require(isCommitted, "the commit was refused")
            try trial.same(try await trial.records.record("request-1"), cancelled, "the record")
        },
        StorageCheck("a commit passes although its record is not there") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let isCommitted = try await trial.ledger.commit(
                trial.completion(of: trial.lock(), requestID: "nothing", change: .cancelled, at: 1)
            )
            try trial.require(isCommitted, "the commit was refused")
            try trial.same(try await trial.records.record("nothing"), nil, "the record")
        },
        StorageCheck("a commit does not take a reservation that is another's") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(0))
            _ = try await trial.ledger.commit(
                trial.completion(of: trial.lock(), reservation: trial.reservation(), at: 1)
            )
            let owner = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(2))
            try trial.same(owner, .reserved, "the owner's second reservation")
        },
        StorageCheck("of many that commit the same lock at once exactly one does") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let got = try await trial.atOnce(20) { _ in
                try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            }
            try trial.same(got.count { $0 }, 1, "the number of commits that passed")
        },
        StorageCheck("either the owner commits or another takes over, never both") { trial in
            for round in 0..<20 {
                let message = "msg_\(round)"
                _ = try await trial.ledger.acquire(trial.lock(message), now: trial.at(0))
                let got = try await trial.atOnce(2) { number in
                    if number == 0 {
                        return try await trial.ledger.commit(trial.completion(of: trial.lock(message), at: 29))
                    }
                    let other = try await trial.ledger.acquire(trial.lock(message, token: "b"), now: trial.at(31))
                    return other == .acquired
                }
                try trial.same(got.count { $0 }, 1, "the number of winners in round \(round)")
            }
        },
    ]
}
