import FoundationEssentials
import QStash

/// Lays out entries of the log, a line each.
struct EventLines: Sendable {
    /// As long as `again in 119.9 s`, which says nothing when it is cut.
    private static let resultWidth = 17
    /// With fewer columns than these the date gives way to the URL.
    private static let wideMin = 100

    private let isJSON: Bool
    private let style: Style
    /// The terminal's columns; nil when nothing is cut.
    private let width: Int?

    init(isJSON: Bool, style: Style, width: Int?) {
        self.isJSON = isJSON
        self.style = style
        self.width = width
    }

    /// The titles over lines that come one by one; none for programs.
    var header: String { isJSON ? "" : layout.header(style: style) }

    /// The lines of entries, in the same columns as all that come later.
    func text(of records: [EventRecord]) throws -> String {
        if isJSON { return try records.map { try JSONOutput.line($0) }.joined() }
        return records.map { layout.line(cells(of: $0, hasDate: !isNarrow), style: style) }.joined()
    }

    /// The lines of entries that are all there is, with titles, in columns as wide as they need.
    func table(of records: [EventRecord]) throws -> String {
        guard !isJSON else { return try text(of: records) }
        let days = Set(records.map { TimeText.dateAndTime($0.moment).prefix(10) })
        var table = Table(Self.columns)
        for record in records { table.append(cells(of: record, hasDate: !isNarrow || days.count > 1)) }
        return table.text(width: width, style: style)
    }

    private static let columns: [Table.Column] = [
        .init("TIME", isWhole: true), .init("STATE"), .init("MESSAGE", isWhole: true), .init("URL", keepsEnd: true),
        .init("RESULT", leastWidth: resultWidth),
    ]

    private var isNarrow: Bool { width.map { $0 < Self.wideMin } ?? false }

    private var layout: TableLayout {
        let time = width == nil ? 20 : isNarrow ? 8 : 14
        return TableLayout(
            columns: Self.columns,
            widths: [time, isNarrow ? 9 : 16, 26, 40, 20],
            width: width
        )
    }

    private func cells(of record: EventRecord, hasDate: Bool) -> [Table.Cell] {
        let time =
            if width == nil {
                TimeText.dateAndTime(record.moment)
            } else if hasDate {
                TimeText.monthAndTime(record.moment)
            } else {
                TimeText.time(record.moment)
            }
        return [
            .init(time, .faint),
            .init(record.state, Self.role(of: record.state)),
            .init(record.messageId),
            .init(record.url),
            .init(Self.result(of: record)),
        ]
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
            return "again in \(TimeText.duration(.milliseconds(max(0, Double(next) - Double(record.time)))))"
        }
        let parts = [record.responseStatus.map { String($0) }, record.error].compactMap { $0 }
        return parts.joined(separator: " ")
    }
}

extension EventRecord {
    fileprivate var moment: Date { Date(timeIntervalSince1970: Double(time) / 1_000) }
}
