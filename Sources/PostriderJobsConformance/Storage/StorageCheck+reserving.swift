import PostriderJobs

extension StorageCheck {
    static let reserving: [StorageCheck] = [
        StorageCheck("a free event is reserved") { trial in
            let got = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try trial.same(got, .reserved, "the first reservation")
        },
        StorageCheck("an event that another has reserved is a duplicate") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(299))
            try trial.same(got, .duplicate, "another's reservation")
        },
        StorageCheck("the owner takes its reservation again, for its whole time") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            let again = try await trial.ledger.reserve(trial.reservation(), now: trial.at(200))
            try trial.same(again, .reserved, "the owner's second reservation")
            let other = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(400))
            try trial.same(other, .duplicate, "another's reservation")
        },
        StorageCheck("a reservation that has run out is another's to take") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(300))
            try trial.same(got, .reserved, "another's reservation at the end")
            let first = try await trial.ledger.reserve(trial.reservation(), now: trial.at(301))
            try trial.same(first, .duplicate, "the first owner's reservation after it")
        },
        StorageCheck("a completed event is a duplicate for everybody, its owner included") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.ledger.complete(trial.reservation(), now: trial.at(1))
            for owner in ["msg_1", "msg_2"] {
                let got = try await trial.ledger.reserve(trial.reservation(owner: owner), now: trial.at(2))
                try trial.same(got, .duplicate, "the reservation by \(owner)")
            }
        },
        StorageCheck("a completed event is remembered for its long time") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.ledger.complete(trial.reservation(), now: trial.at(1))
            let before = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(86_400))
            try trial.same(before, .duplicate, "the reservation just before the end")
            let after = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(86_401))
            try trial.same(after, .reserved, "the reservation at the end")
        },
        StorageCheck("nobody completes another's event") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.ledger.complete(trial.reservation(owner: "msg_2"), now: trial.at(1))
            let got = try await trial.ledger.reserve(trial.reservation(), now: trial.at(2))
            try trial.same(got, .reserved, "the owner's second reservation")
        },
        StorageCheck("an event that nobody has reserved can be completed") { trial in
            try await trial.ledger.complete(trial.reservation(), now: trial.at(0))
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(1_000))
            try trial.same(got, .duplicate, "the reservation after it")
        },
        StorageCheck("a reservation that is given back is free at once") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.ledger.release(trial.reservation())
            let got = try await trial.ledger.reserve(trial.reservation(owner: "msg_2"), now: trial.at(1))
            try trial.same(got, .reserved, "another's reservation")
        },
        StorageCheck("nobody gives another's reservation back, and nothing that is done") { trial in
            _ = try await trial.ledger.reserve(trial.reservation(), now: trial.at(0))
            try await trial.ledger.release(trial.reservation(owner: "msg_2"))
            let held = try await trial.ledger.reserve(trial.reservation(owner: "msg_3"), now: trial.at(1))
            try trial.same(held, .duplicate, "a third's reservation")
            try await trial.ledger.complete(trial.reservation(), now: trial.at(2))
            try await trial.ledger.release(trial.reservation())
            let done = try await trial.ledger.reserve(trial.reservation(owner: "msg_3"), now: trial.at(3))
            try trial.same(done, .duplicate, "a third's reservation of what is done")
        },
        StorageCheck("of 50 that reserve an event at once exactly one gets it") { trial in
            let got = try await trial.atOnce(50) { number in
                try await trial.ledger.reserve(trial.reservation(owner: "msg_\(number)"), now: trial.at(0))
            }
            try trial.same(got.count { $0 == .reserved }, 1, "the number of winners")
        },
    ]
}
