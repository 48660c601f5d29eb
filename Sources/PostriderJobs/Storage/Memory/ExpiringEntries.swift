#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Values by key that live until a moment.
///
/// What has run out is not seen any more, and is removed in small steps as other keys are written, so that a table that is used does not
/// grow with what it forgot, and no call has to clear all of it at once.
struct ExpiringEntries<Value> {
    private struct Entry {
        var value: Value
        var expiresAt: Date
        /// When the entry is looked at next; its alarm is the one with this time.
        var alarmAt: Date
    }

    private struct Alarm {
        let at: Date
        let key: String
    }

    private var entries: [String: Entry] = [:]
    /// A heap, the earliest first.
    ///
    /// A key whose entry was removed may leave an alarm behind, which does nothing when it goes off.
    private var alarms: [Alarm] = []

    /// How many entries there are, those included that have run out and are not yet removed.
    var count: Int { entries.count }

    /// The value of a key, unless it has run out.
    func value(_ key: String, now: Date) -> (value: Value, expiresAt: Date)? {
        guard let entry = entries[key], entry.expiresAt > now else { return nil }
        return (entry.value, entry.expiresAt)
    }

    /// The value of a key, also when it has run out and nobody has noticed yet.
    func value(_ key: String) -> Value? { entries[key]?.value }

    /// The values that have not run out, in no order.
    func values(now: Date) -> [Value] {
        entries.values.compactMap { $0.expiresAt > now ? $0.value : nil }
    }

    /// Sets the value of a key; `Date.distantFuture` keeps it for good.
    mutating func set(_ key: String, to value: Value, until expiresAt: Date, now: Date) {
        removeExpired(now: now, limit: 4)
        if let entry = entries[key], entry.alarmAt <= expiresAt {
            entries[key] = Entry(value: value, expiresAt: expiresAt, alarmAt: entry.alarmAt)
        } else {
            entries[key] = Entry(value: value, expiresAt: expiresAt, alarmAt: expiresAt)
            if expiresAt < .distantFuture { push(Alarm(at: expiresAt, key: key)) }
        }
    }

    @discardableResult
    mutating func remove(_ key: String) -> Bool {
        entries.removeValue(forKey: key) != nil
    }

    /// Removes the entries whose value is meant.
    ///
    /// - Returns: How many there were.
    mutating func removeAll(where isMeant: (Value) -> Bool) -> Int {
        let keys = entries.compactMap { isMeant($0.value.value) ? $0.key : nil }
        for key in keys { entries[key] = nil }
        return keys.count
    }

    /// Looks at so many entries whose time may have come.
    ///
    /// - Returns: How many were removed.
    @discardableResult
    mutating func removeExpired(now: Date, limit: Int) -> Int {
        var removedCount = 0
        for _ in 0..<max(0, limit) {
            guard let alarm = alarms.first, alarm.at <= now else { break }
            popFirst()
            guard let entry = entries[alarm.key], entry.alarmAt == alarm.at else { continue }
            if entry.expiresAt <= now {
                entries[alarm.key] = nil
                removedCount += 1
            } else {
                entries[alarm.key]?.alarmAt = entry.expiresAt
                if entry.expiresAt < .distantFuture { push(Alarm(at: entry.expiresAt, key: alarm.key)) }
            }
        }
        return removedCount
    }
}

extension ExpiringEntries {
    private mutating func push(_ alarm: Alarm) {
        alarms.append(alarm)
        var child = alarms.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard alarms[child].at < alarms[parent].at else { break }
            alarms.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func popFirst() {
        alarms.swapAt(0, alarms.count - 1)
        alarms.removeLast()
        var parent = 0
        while true {
            var first = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < alarms.count && alarms[child].at < alarms[first].at {
                first = child
            }
            guard first != parent else { return }
            alarms.swapAt(parent, first)
            parent = first
        }
    }
}
