/// The line in which a message waits: order, parallelism and rate are decided for each lane (architecture, decision 4).
package struct Lane: Hashable, Sendable {
    /// What the lane belongs to; the raw value is stored.
    package enum Kind: UInt8, Sendable {
        case destination = 0
        case flowControl = 1
        case queue = 2
    }

    package let kind: Kind
    package let account: Account
    /// The origin (`https://host:port`), the flow-control key, or the queue's name.
    package let name: String

    package init(kind: Kind, account: Account, name: String) {
        self.kind = kind
        self.account = account
        self.name = name
    }

    /// Where the lane lives among all nodes: a hash that never changes, since it is stored.
    package var partition: Partition {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ byte: UInt8) {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3
        }
        mix(kind.rawValue)
        for byte in account.name.utf8 { mix(byte) }
        mix(0)
        for byte in name.utf8 { mix(byte) }
        return Partition(rawValue: UInt8(truncatingIfNeeded: hash ^ (hash >> 32)))
    }
}
