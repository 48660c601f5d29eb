import FoundationEssentials
import HTTPTypes
import QStashWire

/// Whether this machine's clock and the server's agree, as far as the server's `Date` tells.
struct ClockCheck: DoctorCheck {
    private static let warningAfter: TimeInterval = 2
    private static let failureAfter: TimeInterval = 60

    let name = DoctorCheckName.clock
    let premises: [DoctorCheckName] = [.server]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let exchange = facts.exchange else { return .skipped("the server was not asked") }
        guard let text = exchange.head.headerFields[.date] else {
            let isLocal = facts.access?.isLocal == true
            return .skipped("the server's answers carry no Date\(isLocal ? "; it is on this machine" : "")")
        }
        guard let seconds = HTTPDate.seconds(parsing: text) else {
            return .skipped("the server's Date cannot be read: \(text.prefix(64))")
        }
        let date = Date(timeIntervalSince1970: TimeInterval(seconds))
        let offset = Self.offset(of: date, sentAt: exchange.sentAt, receivedAt: exchange.receivedAt)
        let size = TimeText.duration(.seconds(abs(offset)))
        let detail = "this machine's clock is \(offset < 0 ? "behind" : "ahead of") the server's by \(size) or more"
        let advice = "set the clocks by NTP: a signature is valid for 5 minutes by the receiver's clock"
        if abs(offset) > Self.failureAfter { return .failed(detail, advice: advice) }
        if abs(offset) > Self.warningAfter { return .warning(detail, advice: advice) }
        return .passed("this machine's clock agrees with the server's; signatures are valid for 5 minutes")
    }

    /// By how much our clock is ahead at least, in seconds; 0 when the two may agree.
    ///
    /// The server wrote its date, which has whole seconds, at some time between the request and the answer.
    static func offset(of date: Date, sentAt: Date, receivedAt: Date) -> TimeInterval {
        let ahead = sentAt.timeIntervalSince(date) - 1
        let behind = receivedAt.timeIntervalSince(date)
        if ahead > 0 { return ahead }
        return behind < 0 ? behind : 0
    }
}
