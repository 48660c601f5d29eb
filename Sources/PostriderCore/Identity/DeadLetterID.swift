/// A dead letter's public name: `<milliseconds of failure>-<message key>` (decision 5).
///
/// It is made in the settlement, so that the failure callback and the entry agree.
package struct DeadLetterID: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let failedAt: Timestamp
    package let message: MessageKey

    package init(failedAt: Timestamp, message: MessageKey) {
        self.failedAt = failedAt
        self.message = message
    }

    /// The id a text stands for; nil when it does not have the form above.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let milliseconds = Int64(parts[0]), let key = Int64(parts[1]), key > 0
        else { return nil }
        self.init(failedAt: Timestamp(milliseconds: milliseconds), message: MessageKey(rawValue: key))
    }

    package static func < (left: DeadLetterID, right: DeadLetterID) -> Bool {
        (left.failedAt, left.message) < (right.failedAt, right.message)
    }

    package var description: String { "\(failedAt.milliseconds)-\(message.rawValue)" }
}
