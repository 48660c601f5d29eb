import PostriderJobs

extension StorageCheck {
    static let locking: [StorageCheck] = [
        StorageCheck("a free lock is taken") { trial in
            let got = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            try trial.same(got, .acquired, "the first acquisition")
        },
        StorageCheck("a lock that another holds is refused with the time that is left") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(10))
            try trial.same(got, .held(remaining: .seconds(20)), "the acquisition after 10 s")
        },
        StorageCheck("the time that is left is exact to the millisecond and never zero") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(29.75))
            try trial.same(got, .held(remaining: .milliseconds(250)), "the acquisition after 29.75 s")
        },
        StorageCheck("the owner takes its lock again, for its whole time") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let again = try await trial.ledger.acquire(trial.lock(), now: trial.at(20))
            try trial.same(again, .acquired, "the owner's second acquisition")
            let other = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(40))
            try trial.same(other, .held(remaining: .seconds(10)), "another's acquisition")
        },
        StorageCheck("every part of the owner counts: instance, life and token") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            for other in [trial.lock(instance: "there"), trial.lock(life: "life-2"), trial.lock(token: "b")] {
                let got = try await trial.ledger.acquire(other, now: trial.at(1))
                try trial.same(got, .held(remaining: .seconds(29)), "the acquisition by \(other.owner)")
            }
        },
        StorageCheck("a lock that has run out is taken by another") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(30))
            try trial.same(got, .acquired, "the acquisition at the end of the lock")
            let first = try await trial.ledger.acquire(trial.lock(), now: trial.at(31))
            try trial.same(first, .held(remaining: .seconds(29)), "the first owner's acquisition after it")
        },
        StorageCheck("locks of different messages have nothing to do with each other") { trial in
            _ = try await trial.ledger.acquire(trial.lock("msg_1"), now: trial.at(0))
            let got = try await trial.ledger.acquire(trial.lock("msg_2", token: "b"), now: trial.at(0))
            try trial.same(got, .acquired, "the acquisition for another message")
        },
        StorageCheck("a key is data, whatever is in it") { trial in
            let strange = trial.lock("'; DROP TABLE job_delivery; -- \"\\ ü 🚀 %_")
            try trial.same(try await trial.ledger.acquire(strange, now: trial.at(0)), .acquired, "the acquisition")
            let other = try await trial.ledger.acquire(trial.lock("other"), now: trial.at(0))
            try trial.same(other, .acquired, "the acquisition of an ordinary key")
        },
        StorageCheck("a key goes on after a zero character") { trial in
            let cut = trial.lock("msg\u{0}_1")
            try trial.same(try await trial.ledger.acquire(cut, now: trial.at(0)), .acquired, "the first acquisition")
            let other = try await trial.ledger.acquire(trial.lock("msg\u{0}_2", token: "b"), now: trial.at(1))
            try trial.same(other, .acquired, "the acquisition of a key that differs after it")
            let again = try await trial.ledger.acquire(trial.lock("msg\u{0}_1", token: "b"), now: trial.at(1))
            try trial.same(again, .held(remaining: .seconds(29)), "the acquisition of the first by another")
        },
        StorageCheck("of 50 that ask at once exactly one gets the lock") { trial in
            let got = try await trial.atOnce(50) { number in
                try await trial.ledger.acquire(trial.lock(token: "token-\(number)"), now: trial.at(0))
            }
            try trial.same(got.count { $0 == .acquired }, 1, "the number of winners")
            try trial.same(got.count { $0 == .held(remaining: .seconds(30)) }, 49, "the number of losers")
        },
        StorageCheck("of 50 that ask at once for a lock that has run out exactly one gets it") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let got = try await trial.atOnce(50) { number in
                try await trial.ledger.acquire(trial.lock(token: "token-\(number)"), now: trial.at(60))
            }
            try trial.same(got.count { $0 == .acquired }, 1, "the number of winners")
        },
    ]

    static let renewing: [StorageCheck] = [
        StorageCheck("a lock that is renewed lives for its whole time again") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let isRenewed = try await trial.ledger.renew(trial.lock(), reservation: nil, now: trial.at(20))
            try trial.require(isRenewed, "the owner could not renew its lock")
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(45))
            try trial.same(got, .held(remaining: .seconds(5)), "another's acquisition")
        },
        StorageCheck("a lock that nobody holds cannot be renewed") { trial in
            let isRenewed = try await trial.ledger.renew(trial.lock(), reservation: nil, now: trial.at(0))
            try trial.require(!isRenewed, "a lock that was never taken was renewed")
            let got = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(0))
            try trial.same(got, .acquired, "the acquisition after it")
        },
        StorageCheck("a lock that has run out cannot be renewed") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            let isRenewed = try await trial.ledger.renew(trial.lock(), reservation: nil, now: trial.at(30))
            try trial.require(!isRenewed, "a lock that had run out was renewed")
        },
        StorageCheck("a lock that another took over cannot be renewed") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.acquire(trial.lock(token: "b"), now: trial.at(30))
            let isRenewed = try await trial.ledger.renew(trial.lock(), reservation: nil, now: trial.at(31))
            try trial.require(!isRenewed, "a lock was renewed by its former owner")
            let got = try await trial.ledger.acquire(trial.lock(token: "c"), now: trial.at(40))
            try trial.same(got, .held(remaining: .seconds(20)), "a third's acquisition")
        },
        StorageCheck("what is done cannot be renewed") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.commit(trial.completion(of: trial.lock(), at: 1))
            let isRenewed = try await trial.ledger.renew(trial.lock(), reservation: nil, now: trial.at(2))
            try trial.require(!isRenewed, "a done marker was renewed as a lock")
        },
        StorageCheck("with the lock its reservation is renewed") { trial in
            let reservation = trial.reservation()
            _ = try await trial.ledger.acquire(trial.lock(ttl: .seconds(400)), now: trial.at(0))
            _ = try await trial.ledger.reserve(reservation, now: trial.at(0))
            _ = try await trial.ledger.renew(
                trial.lock(ttl: .seconds(400)),
                reservation: reservation,
                now: trial.at(200)
            )
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(499))
            try trial.same(got, .duplicate, "another's reservation 299 s after the renewal")
            let late = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(500))
            try trial.same(late, .reserved, "another's reservation 300 s after the renewal")
        },
        StorageCheck("a renewal does not touch a reservation that is another's") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(0))
            let isRenewed = try await trial.ledger.renew(
                trial.lock(),
                reservation: trial.reservation(),
                now: trial.at(20)
            )
            try trial.require(isRenewed, "the lock was not renewed")
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_3"), now: trial.at(300))
            try trial.same(got, .reserved, "a third's reservation when the first has run out")
        },
        StorageCheck("a refused renewal does not renew the reservation either") { trial in
            _ = try await trial.ledger.acquire(trial.lock(), now: trial.at(0))
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            _ = try await trial.ledger.renew(trial.lock(), reservation: trial.reservation(), now: trial.at(290))
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(300))
            try trial.same(got, .reserved, "another's reservation after 300 s")
        },
    ]
}
