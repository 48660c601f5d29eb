/// The store's own name of a message or of a log row: a positive, time-ordered 63-bit integer.
///
/// 41 bits of milliseconds since ``epoch``, 10 bits of node, 12 bits of counter (decision 1). Messages, attempts and
/// cancellations draw from one sequence, so that comparing keys puts everything that happened into one order.
package struct MessageKey: Hashable, Comparable, Sendable {
    /// 2020-01-01T00:00:00Z: 41 bits of milliseconds from here end in 2089.
    package static let epoch = Timestamp(milliseconds: 1_577_836_800_000)

    /// The highest node number; 10 bits.
    package static let nodeMax: Int64 = 1_023

    /// The highest counter within a millisecond of a node; 12 bits.
    package static let counterMax: Int64 = 4_095

    package let rawValue: Int64

    package init(rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// The key made of its parts; a moment before the epoch counts as the epoch.
    package init(at moment: Timestamp, node: Int64, counter: Int64) {
        let elapsed = max(0, moment.milliseconds - Self.epoch.milliseconds)
        self.rawValue = (elapsed << 22) | ((node & Self.nodeMax) << 12) | (counter & Self.counterMax)
    }

    /// When the key was made, to the millisecond.
    package var moment: Timestamp {
        Timestamp(milliseconds: (rawValue >> 22) + Self.epoch.milliseconds)
    }

    package static func < (left: MessageKey, right: MessageKey) -> Bool {
        left.rawValue < right.rawValue
    }
}
