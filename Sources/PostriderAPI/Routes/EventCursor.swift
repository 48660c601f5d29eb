import HTTPTypes
import PostriderCore

/// Where the next page of the log begins, and for which filter: `<row key>-<index>-<filter>`.
struct EventCursor {
    let position: EventPosition
    private let fingerprint: UInt64

    init(position: EventPosition, filter: EventFilter) {
        self.position = position
        self.fingerprint = filter.fingerprint
    }

    /// - Throws: ``APIError`` with 400 when the text is no cursor of ours, or one of another filter.
    init(parsing text: String, filter: EventFilter) throws(APIError) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, text.utf8.count <= 64,
            let row = Int64(parts[0]), row >= 0,
            let index = Int(parts[1]), (0...EventPosition.indexMax).contains(index),
            let fingerprint = UInt64(parts[2], radix: 16)
        else { throw Self.invalid("this cursor was not made by this server") }
        guard fingerprint == filter.fingerprint else {
            throw Self.invalid("this cursor belongs to a call with other parameters")
        }
        self.position = EventPosition(row: MessageKey(rawValue: row), index: index)
        self.fingerprint = fingerprint
    }

    var text: String { "\(position.row.rawValue)-\(position.index)-\(String(fingerprint, radix: 16))" }

    static func invalid(_ reason: String) -> APIError {
        APIError(.badRequest, code: "cursor_invalid", message: reason)
    }
}
