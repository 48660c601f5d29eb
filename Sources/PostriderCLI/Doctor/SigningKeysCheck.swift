import QStash

/// Whether receivers on this machine have the keys that the server signs with.
struct SigningKeysCheck: DoctorCheck {
    let context: CommandContext

    let name = DoctorCheckName.signingKeys
    let premises: [DoctorCheckName] = [.credentials]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let keys = facts.keys else { return .skipped("the server's keys are not known") }
        if context.isDevelopment {
            return .skipped("QSTASH_DEV is set: receivers take the keys of a development server")
        }
        let prefix = regionPrefix
        let current = context.value("\(prefix)QSTASH_CURRENT_SIGNING_KEY")
        let next = context.value("\(prefix)QSTASH_NEXT_SIGNING_KEY")
        let names = "\(prefix)QSTASH_CURRENT_SIGNING_KEY and \(prefix)QSTASH_NEXT_SIGNING_KEY"
        guard current != nil || next != nil else {
            return .skipped(
                "no signing keys in the environment",
                advice: "receivers need \(names); postrider keys --export --reveal prints them"
            )
        }
        guard let current, let next else {
            return .failed(
                "only one of \(names) is set",
                advice: "set both: receivers use them as a pair"
            )
        }
        // Each comparison is made, so that the time does not tell which key differs.
        let currentIsCurrent = Self.isEqual(current, keys.current)
        let nextIsNext = Self.isEqual(next, keys.next)
        let nextIsCurrent = Self.isEqual(next, keys.current)
        let currentIsNext = Self.isEqual(current, keys.next)
        let update = "set \(names) to what postrider keys --export --reveal prints, and restart the receivers"
        switch (currentIsCurrent, nextIsNext, nextIsCurrent, currentIsNext) {
        case (true, true, _, _): return .passed("the environment has the server's pair")
        case (_, _, true, true):
            return .warning("the two keys are swapped; deliveries are verified all the same", advice: update)
        case (_, _, true, false):
            return .warning(
                "the server's keys were rotated: the environment knows the current one as its next; "
                    + "after another rotation deliveries would be refused",
                advice: update
            )
        case (true, false, _, _):
            return .warning(
                "the current key fits, the next does not: after a rotation deliveries would be refused",
                advice: update
            )
        case (_, _, _, true), (_, true, _, _):
            return .failed(
                "the environment has the server's next key but not its current one: deliveries are refused",
                advice: update
            )
        default:
            return .failed(
                "the keys are of another server or account, or were rotated twice: deliveries are refused",
                advice: update
            )
        }
    }

    /// What the names of the region's variables begin with, when the region has a pair of its own.
    private var regionPrefix: String {
        guard let region = context.value("QSTASH_REGION").flatMap({ QStashRegion(name: $0) }),
            context.value("\(region)_QSTASH_CURRENT_SIGNING_KEY") != nil,
            context.value("\(region)_QSTASH_NEXT_SIGNING_KEY") != nil
        else { return "" }
        return "\(region)_"
    }

    /// Takes the same time wherever two keys of one length differ.
    private static func isEqual(_ one: String, _ other: String) -> Bool {
        guard one.utf8.count == other.utf8.count else { return false }
        return zip(one.utf8, other.utf8).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
