/// One of 256 shares of the lanes; a node schedules the partitions it holds.
package struct Partition: Hashable, Sendable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
        self.rawValue = rawValue
    }
}

/// The partitions a node holds, as one range.
package struct PartitionRange: Hashable, Sendable {
    /// Every partition: what a single node holds for ever.
    package static let all = PartitionRange(0...255)

    package let bounds: ClosedRange<UInt8>

    package init(_ bounds: ClosedRange<UInt8>) {
        self.bounds = bounds
    }

    package func contains(_ partition: Partition) -> Bool { bounds.contains(partition.rawValue) }
}

/// The number a lease was granted under: a store refuses work under an older one.
package struct Fence: Hashable, Sendable {
    /// The fence of a store that only one process can open.
    package static let exclusive = Fence(rawValue: 0)

    package let rawValue: UInt64

    package init(rawValue: UInt64) {
        self.rawValue = rawValue
    }
}
