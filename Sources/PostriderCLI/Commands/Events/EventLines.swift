import FoundationEssentials
import QStash

/// Lays out entries of the log, a line each, so that lines that come later stand in the same columns.
struct EventLines: Sendable {
    private let isJSON: Bool
    private let style: Style
    /// On a terminal, whose width is better spent on URLs than on years.
    private let isNarrow: Bool
    private let layout: TableLayout

    init(isJSON: Bool, style: Style, width: Int?) {
        self.isJSON = isJSON
        self.style = style
        isNarrow = width != nil
        layout = TableLayout(
            columns: [
                .init("TIME", isWhole: true), .init("STATE"), .init("MESSAGE", isWhole: true), .init("URL"),
                .init("RESULT"),
            ],
            widths: [isNarrow ? 14 : 20, 16, 26, 40, 20],
            width: width
        )
    }

    /// The titles; none for programs.
    var header: String { isJSON ? "" : layout.header(style: style) }

    /// The lines of entries.
    func text(of records: [EventRecord]) throws -> String {
        try records.map { isJSON ? try JSONOutput.line($0) : line($0) }.joined()
    }

    private func line(_ record: EventRecord) -> String {
        let time = Date(timeIntervalSince1970: Double(record.time) / 1_000)
        let line = layout.line(
            [
                .init(isNarrow ? TimeText.monthAndTime(time) : TimeText.dateAndTime(time), .faint),
                .init(record.state, Self.role(of: record.state)),
                .init(record.messageId),
                .init(record.url),
                .init(Self.result(of: record)),
            ],
            style: style
        )
        // Most entries have no result, and nothing needs the blanks in front of it.
        guard let end = line.lastIndex(where: { $0 != " " && $0 != "\n" }) else { return line }
        return line[...end] + "\n"
    }

    private static func role(of state: String) -> Style.Role {
        switch Event.State(rawValue: state) {
        case .delivered: .good
        case .error, .retry: .warning
        case .failed: .bad
        case .cancelRequested, .cancelled: .faint
        default: .plain
        }
    }

    /// The status of an attempt, or when the next one is due.
    private static func result(of record: EventRecord) -> String {
        if let next = record.nextDeliveryTime {
            return "again in \(TimeText.duration(.milliseconds(max(0, next - record.time))))"
        }
        let parts = [record.responseStatus.map { String($0) }, record.error].compactMap { $0 }
        return parts.joined(separator: " ")
    }
}
