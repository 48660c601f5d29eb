import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension MemoryJobStorage: DeadLetterIndex {
    /// Adds an entry.
    public func push(_ entry: DeadLetterEntry, entriesMax: Int, ttl: Duration) async throws -> Int {
        state.withLock { state in
            let now = entry.failedAt
            let list = state.deadLetters.value(entry.jobType, now: now)
            var entries = list?.value.filter { $0.id != entry.id } ?? []
            let index = entries.firstIndex { $0.failedAt <= entry.failedAt } ?? entries.endIndex
            entries.insert(entry, at: index)
            entries.removeLast(max(0, entries.count - max(0, entriesMax)))
            // An entry that arrives late does not shorten the life of the others.
            let expiresAt = max(now.adding(ttl), list?.expiresAt ?? .distantPast)
            state.deadLetters.set(entry.jobType, to: entries, until: expiresAt, now: now)
            return entries.count
        }
    }

    /// The newest entries.
    public func entries(ofJobType jobType: String?, limit: Int, now: Date) async throws -> [DeadLetterEntry] {
        let lists = lists(ofJobType: jobType, now: now)
        guard lists.count > 1 else { return Array(lists.joined().prefix(max(0, limit))) }
        let newestFirst = lists.joined().sorted { ($0.failedAt, $0.id) > ($1.failedAt, $1.id) }
        return Array(newestFirst.prefix(max(0, limit)))
    }

    /// How many entries there are.
    public func count(ofJobType jobType: String?, now: Date) async throws -> Int {
        lists(ofJobType: jobType, now: now).reduce(0) { $0 + $1.count }
    }

    /// Removes an entry.
    public func remove(id: String, jobType: String) async throws -> Bool {
        state.withLock { state in
            guard let (entries, expiresAt) = state.deadLetters.value(jobType, now: .distantPast) else { return false }
            let left = entries.filter { $0.id != id }
            guard left.count < entries.count else { return false }
            if left.isEmpty {
                state.deadLetters.remove(jobType)
            } else {
                state.deadLetters.set(jobType, to: left, until: expiresAt, now: .distantPast)
            }
            return true
        }
    }

    /// Forgets lists that have run out.
    public func removeExpiredEntries(now: Date, limit: Int) async throws -> Int {
        state.withLock { state in
            let before = state.deadLetterCount
            // One list at a time: each may have as many entries as the limit.
            while before - state.deadLetterCount < limit, state.deadLetters.removeExpired(now: now, limit: 1) > 0 {}
            return before - state.deadLetterCount
        }
    }

    private func lists(ofJobType jobType: String?, now: Date) -> [[DeadLetterEntry]] {
        state.withLock { state in
            guard let jobType else { return state.deadLetters.values(now: now) }
            return state.deadLetters.value(jobType, now: now).map { [$0.value] } ?? []
        }
    }
}

extension MemoryJobStorage.State {
    /// How many entries there are, those included that have run out and are not yet removed.
    fileprivate var deadLetterCount: Int { deadLetters.values(now: .distantPast).reduce(0) { $0 + $1.count } }
}
