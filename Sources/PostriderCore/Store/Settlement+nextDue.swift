extension Settlement {
    /// When the next attempt starts; only to be asked of a settlement whose verdict is `retry`.
    package var requiredNextDue: Timestamp {
        guard let due = attempt.nextDue else {
            preconditionFailure("a retry without a due time: attempt \(attempt.key.rawValue)")
        }
        return due
    }
}
