/// Who holds a lock: which installation, which of its lives, and which delivery.
public struct LockOwner: Sendable, Hashable {
    /// The installation, the same over restarts; at most one process at a time may use it.
    public let instance: String

    /// This life of the installation: another after each start.
    public let life: String

    /// This one delivery; unguessable, so that nobody releases another's lock.
    public let token: String

    /// An owner.
    public init(instance: String, life: String, token: String) {
        self.instance = instance
        self.life = life
        self.token = token
    }
}

/// The right to handle one delivery of one message, for a while.
public struct DeliveryLock: Sendable, Hashable {
    /// What is locked: `qstash:message:<message id>`.
    public let key: String

    /// Who holds it.
    public let owner: LockOwner

    /// How long it lives without being renewed; whole milliseconds, above zero.
    public let ttl: Duration

    /// A lock.
    public init(key: String, owner: LockOwner, ttl: Duration) {
        self.key = key
        self.owner = owner
        self.ttl = ttl
    }
}

/// What became of asking for a lock.
public enum LockAcquisition: Sendable, Hashable {
    /// The lock is the asker's: it was free, had run out, or was its own already.
    case acquired
    /// The message has been handled.
    case done
    /// Another delivery holds it, for so long at most unless it renews; above zero.
    case held(remaining: Duration)
}
