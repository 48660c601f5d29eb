import PostriderCore
import QStashWire
import Synchronization

/// The value of `Date` in answers, written once a second.
///
/// Clients compare it with their own clock: signatures expire by it.
final class DateField: Sendable {
    private struct Written {
        var second: Int64
        var text: String
    }

    private let last = Mutex<Written?>(nil)

    /// The date of a moment.
    func text(at moment: Timestamp) -> String {
        let second = moment.milliseconds / 1_000
        return last.withLock { last in
            if let last, last.second == second { return last.text }
            let text = HTTPDate.text(seconds: second)
            last = Written(second: second, text: text)
            return text
        }
    }
}
