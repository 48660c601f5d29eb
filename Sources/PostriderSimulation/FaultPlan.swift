package import PostriderCore

/// Which calls of a store go wrong, by a script or by chance from a seed.
package struct FaultPlan: Sendable {
    private let decide: @Sendable (StoreVerb, Int) -> StoreFault?

    /// - Parameter decide: The fault of a verb's n-th call, counted from 1; nil lets it pass. Asked once for each call.
    package init(_ decide: @escaping @Sendable (StoreVerb, Int) -> StoreFault?) {
        self.decide = decide
    }

    /// Nothing goes wrong.
    package static let none = FaultPlan { _, _ in nil }

    /// One call, counted from 1, fails with nothing written.
    package static func beforeWrite(
        _ verb: StoreVerb,
        call: Int,
        code: StoreError.Code = .unavailable
    ) -> FaultPlan {
        single(verb, call: call, StoreFault(.before, .error(code)))
    }

    /// One call, counted from 1, is carried out and fails all the same.
    package static func afterWrite(_ verb: StoreVerb, call: Int, code: StoreError.Code = .uncertain) -> FaultPlan {
        single(verb, call: call, StoreFault(.after, .error(code)))
    }

    /// The process dies at one call, counted from 1, before or after it is carried out.
    package static func crash(_ moment: StoreFault.Moment, _ verb: StoreVerb, call: Int) -> FaultPlan {
        single(verb, call: call, StoreFault(moment, .crash))
    }

    /// Several plans as one; the first that names a fault for a call decides.
    package static func script(_ plans: [FaultPlan]) -> FaultPlan {
        FaultPlan { verb, call in
            for plan in plans {
                if let fault = plan.fault(verb, call: call) { return fault }
            }
            return nil
        }
    }

    /// Calls fail by chance, before or after the write with equal odds.
    ///
    /// - Parameters:
    ///   - random: Asked twice for each call of the verbs, so that one fault does not shift the rest.
    ///   - perThousand: How many calls of a thousand fail.
    ///   - verbs: The verbs that may fail; the others always pass.
    package static func seeded(
        _ random: any RandomSource,
        perThousand: UInt64,
        verbs: Set<StoreVerb> = Set(StoreVerb.allCases)
    ) -> FaultPlan {
        FaultPlan { verb, _ in
            guard verbs.contains(verb) else { return nil }
            let chance = random.next() % 1_000
            let moment: StoreFault.Moment = random.next() % 2 == 0 ? .before : .after
            let code: StoreError.Code = moment == .before ? .unavailable : .uncertain
            return chance < perThousand ? StoreFault(moment, .error(code)) : nil
        }
    }

    /// The fault of a call, counted from 1; nil when it passes.
    package func fault(_ verb: StoreVerb, call: Int) -> StoreFault? { decide(verb, call) }

    private static func single(_ verb: StoreVerb, call: Int, _ fault: StoreFault) -> FaultPlan {
        FaultPlan { $0 == verb && $1 == call ? fault : nil }
    }
}
