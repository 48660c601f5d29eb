import PostriderJobs

extension StorageCheck {
    static let releasing: [StorageCheck] = [
        StorageCheck("a lock that its owner releases is free at once") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            try await trial.release(trial.lock(), reservation: nil)
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(1))
            try trial.same(got, .acquired, "another's acquisition")
        },
        StorageCheck("nobody releases another's lock") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            try await trial.release(trial.lock(token: "b"), reservation: nil)
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(1))
            try trial.same(got, .held(remaining: .seconds(29)), "the acquisition after it")
        },
        StorageCheck("a release never removes what is done") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.commit(
                trial.completion(of: trial.lock(), reservation: trial.reservation(), at: 1)
            )
            try await trial.release(trial.lock(), reservation: trial.reservation())
            try trial.same(try await trial.ledger.acquire(trial.lock(), now: trial.at(2)), .done, "the acquisition")
            let claim = try await trial.ledger.reserve(trial.reservation(), now: trial.at(2))
            try trial.same(claim, .duplicate, "the reservation")
        },
        StorageCheck("a release of what nobody holds does nothing") { trial in
            try await trial.release(trial.lock(), reservation: trial.reservation())
            try trial.same(try await trial.ledger.acquire(trial.lock(), now: trial.at(0)), .acquired, "the acquisition")
        },
        StorageCheck("with the lock its reservation is given back") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.release(trial.lock(), reservation: trial.reservation())
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(1))
            try trial.same(got, .reserved, "another's reservation")
        },
        StorageCheck("a release gives no reservation back that is another's") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(0))
            try await trial.release(trial.lock(), reservation: trial.reservation())
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_3"), now: trial.at(1))
            try trial.same(got, .duplicate, "a third's reservation")
        },
        StorageCheck("a release whose lock is another's leaves reservation and record as they are") { trial in
            try await trial.records.create(trial.record())
            let record = try await trial.apply(
                [.started(attempt: 1, maxRetries: 0, messageID: "msg_1")],
                to: "request-1"
            )
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            _ = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(31))
            let release = DeliveryRelease(
                lock: trial.lock(),
                reservation: trial.reservation(),
                requestID: "request-1",
                recordChange: .failed(code: "a", message: "b"),
                now: trial.at(32)
            )
            try trial.require(try await trial.ledger.release(release) == false, "another's lock was released")
            let claim = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(33))
            try trial.same(claim, .duplicate, "another's reservation")
            try trial.same(try await trial.records.record("request-1"), record, "the record")
            let held = try await trial.ledger.acquire(trial.lock(token: "c"), now: trial.at(33))
            try trial.same(held, .held(remaining: .seconds(28)), "the other's lock")
        },
        StorageCheck("a release that was made, or whose lock is done, is made no more") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            try trial.require(try await trial.release(trial.lock(), reservation: nil), "the first was refused")
            try trial.require(try await trial.release(trial.lock(), reservation: nil) == false, "the second was made")
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(1))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 2))
            try trial.require(try await trial.release(trial.lock(), reservation: nil) == false, "a marker was removed")
        },
        StorageCheck("a release ends the record with the lock, also when that has run out unnoticed") { trial in
            try await trial.records.create(trial.record())
            try await trial.apply([.started(attempt: 1, maxRetries: 0, messageID: "msg_1")], to: "request-1")
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let release = DeliveryRelease(
                lock: trial.lock(),
                reservation: nil,
                requestID: "request-1",
                recordChange: .failed(code: "a", message: "b"),
                now: trial.at(31)
            )
            try trial.require(try await trial.ledger.release(release), "the release was refused")
            let record = try await trial.records.record("request-1")
            try trial.same(record?.status, .failed, "the status of the record")
            try trial.same(record?.completedAt, trial.at(31), "the end of the record")
        },
        StorageCheck("a process that starts frees the locks of its earlier lives") { trial in
            for (message, life) in [("msg_1", "life-1"), ("msg_2", "life-2"), ("msg_3", "life-3")] {
                _ = try await trial.ledger.acquire(trial.lock(message, life: life), now: trial.at(0))
            }
            let count = try await trial.ledger.releaseLocks(ofEarlierLivesOf: "here", currentLife: "life-3")
            try trial.same(count, 2, "the number of freed locks")
            for (message, wanted) in [
                ("msg_1", LockAcquisition.acquired), ("msg_2", .acquired), ("msg_3", .held(remaining: .seconds(29))),
            ] {
                let got = try await trial.ledger.acquire(trial.lock(message, life: "x", token: "b"), now: trial.at(1))
                try trial.same(got, wanted, "the acquisition of \(message)")
            }
        },
        StorageCheck("a process that starts frees no lock of another instance") { trial in
            _ = try await trial.ledger.acquire(trial.lock(instance: "there"), now: trial.at(0))
            let count = try await trial.ledger.releaseLocks(ofEarlierLivesOf: "here", currentLife: "life-2")
            try trial.same(count, 0, "the number of freed locks")
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(1))
            try trial.same(got, .held(remaining: .seconds(29)), "the acquisition after it")
        },
        StorageCheck("a process that starts keeps what its earlier lives have done") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            let count = try await trial.ledger.releaseLocks(ofEarlierLivesOf: "here", currentLife: "life-2")
            try trial.same(count, 0, "the number of freed locks")
            let got = try await trial.ledger.acquire(trial.lock(life: "life-2"), now: trial.at(2))
            try trial.same(got, .done, "the acquisition after it")
        },
    ]

    static let forgetting: [StorageCheck] = [
        StorageCheck("what has run out is forgotten, and nothing else") { trial in
            _ = try await trial.ledger.acquire(trial.lock("msg_1"), now: trial.at(0))
            _ = try await trial.ledger.acquire(trial.lock("msg_2"), now: trial.at(20))
            _ = try await trial.ledger.acquire(trial.lock("msg_3"), now: trial.at(0))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock("msg_3"), at: 1))
            let count = try await trial.ledger.removeExpired(now: trial.at(40), limit: 100)
            try trial.require(count <= 1, "\(count) were forgotten, and one had run out")
            let held = try await trial.ledger.acquire(trial.lock("msg_2", token: "b"), now: trial.at(40))
            try trial.same(held, .held(remaining: .seconds(10)), "the acquisition of a lock that lives")
            let done = try await trial.ledger.acquire(trial.lock("msg_3", token: "b"), now: trial.at(40))
            try trial.same(done, .done, "the acquisition of what is done")
        },
        StorageCheck("no more is forgotten at once than the limit says, and all of it in the end") { trial in
            for number in 0..<20 {
                _ = try await trial.ledger.acquire(trial.lock("msg_\(number)"), now: trial.at(0))
                _ = try await trial.ledger.reserve(trial.reservation("event-\(number)"), now: trial.at(0))
            }
            var total = 0
            for _ in 0..<20 {
                let count = try await trial.ledger.removeExpired(now: trial.at(10_000), limit: 7)
                try trial.require(count <= 7, "\(count) were forgotten with a limit of 7")
                total += count
            }
            try trial.same(total, 40, "the number of those forgotten")
        },
    ]
}
