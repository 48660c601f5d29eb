/// Everything the memory store holds, as a value; its verbs are in the parts of this type.
///
/// Nothing that shows outside comes from the order of a dictionary: whatever is listed is listed from a ``SortedArray``.
struct MemoryState {
    /// Where a message stands while it waits.
    struct Waiting {
        var entry: PendingEntry
        var isCancelRequested: Bool
    }

    /// Whose deduplication id it is.
    struct ClaimName: Hashable {
        let account: Account
        let id: ExactText
    }

    /// Which message holds a deduplication id, and until when.
    struct Claim {
        let message: MessageKey
        let expiresAt: Timestamp
    }

    /// A row of the log without what it refers to.
    struct LogMark: Comparable {
        let key: MessageKey
        let message: MessageKey
        let kind: Kind

        enum Kind: Hashable {
            case created
            case attempt
            case cancellation(at: Timestamp, isRemoved: Bool)
        }

        static func < (left: LogMark, right: LogMark) -> Bool { left.key < right.key }
    }

    var messages: [MessageKey: Message] = [:]
    var waiting: [MessageKey: Waiting] = [:]
    var order = SortedArray<PendingPosition>()
    var laneOrders: [Lane: SortedArray<PendingPosition>] = [:]
    var claims: [ClaimName: Claim] = [:]
    var attempts: [MessageKey: Attempt] = [:]
    var logs: [Account: SortedArray<LogMark>] = [:]
    var deadLetters: [Account: SortedArray<DeadLetterID>] = [:]
    /// The attempt that ended each dead letter's message.
    var lastAttempts: [DeadLetterID: MessageKey] = [:]
    var signingKeys: [Account: SigningKeyRecord] = [:]
    var highestKey: MessageKey?

    mutating func note(_ kind: LogMark.Kind, key: MessageKey, message: MessageKey, account: Account) {
        logs[account, default: SortedArray()].insert(LogMark(key: key, message: message, kind: kind))
        highestKey = max(highestKey ?? key, key)
    }

    /// Stores a message and lets it wait.
    mutating func insert(_ message: Message) {
        messages[message.key] = message
        note(.created, key: message.key, message: message.key, account: message.account)
        wait(PendingEntry(key: message.key, due: message.notBefore, retried: 0, lane: message.lane))
    }

    mutating func wait(_ entry: PendingEntry) {
        waiting[entry.key] = Waiting(entry: entry, isCancelRequested: false)
        order.insert(entry.position)
        laneOrders[entry.lane, default: SortedArray()].insert(entry.position)
    }

    mutating func stopWaiting(_ key: MessageKey) {
        guard let entry = waiting.removeValue(forKey: key)?.entry else { return }
        order.remove(entry.position)
        laneOrders[entry.lane]?.remove(entry.position)
        if laneOrders[entry.lane]?.count == 0 { laneOrders[entry.lane] = nil }
    }

    /// Refuses messages whose keys are taken, before anything is changed.
    func requireFresh(_ fresh: some Sequence<Message>) throws(StoreError) {
        var keys: Set<MessageKey> = []
        for message in fresh {
            if case .omitted = message.body { preconditionFailure("a message without its body: \(message.key)") }
            guard messages[message.key] == nil, keys.insert(message.key).inserted else {
                throw StoreError(.unavailable, detail: "the key \(message.key.rawValue) is taken")
            }
        }
    }
}
