extension MemoryState {
    mutating func accept(_ batch: [Acceptance]) throws(StoreError) -> [AcceptResult] {
        try requireFresh(batch.lazy.map(\.message))
        return batch.map { acceptance in
            let message = acceptance.message
            if let claim = acceptance.deduplication {
                let name = ClaimName(account: message.account, id: ExactText(claim.id))
                if let holder = claims[name], message.createdAt < holder.expiresAt {
                    return .duplicate(of: holder.message)
                }
                claims[name] = Claim(message: message.key, expiresAt: claim.expiresAt)
            }
            insert(message)
            return .accepted
        }
    }

    mutating func redrive(_ redrives: [Redrive], account: Account) throws(StoreError) -> [Bool] {
        try requireFresh(redrives.lazy.map(\.message))
        return redrives.map { redrive in
            guard removeDeadLetter(redrive.deadLetter, account: account) else { return false }
            insert(redrive.message)
            return true
        }
    }

    mutating func deleteDeadLetters(_ ids: [DeadLetterID], account: Account) -> Int {
        ids.count { removeDeadLetter($0, account: account) }
    }

    /// Removes a dead letter; false when the account has none of this id.
    private mutating func removeDeadLetter(_ id: DeadLetterID, account: Account) -> Bool {
        guard messages[id.message]?.account == account, lastAttempts.removeValue(forKey: id) != nil else {
            return false
        }
        deadLetters[account]?.remove(id)
        return true
    }
}
