/// Reads `text/event-stream` from pieces that may break anywhere.
///
/// The format is that of the HTML standard, "Server-sent events": lines end in LF, CR or CR LF, an empty line ends an event, and a line
/// without a field it knows, such as a comment, says nothing.
struct EventStreamParser {
    /// One event.
    struct Event: Sendable, Hashable {
        /// The name; `message` when the server gives none.
        var name: String
        /// The lines of data, with LF between them.
        var data: String
        /// The last id the stream has told, for `Last-Event-ID`; nil when it has told none.
        var id: String?
    }

    /// A line, and an event, may have so many bytes; nothing that a job says is longer.
    static let bytesMax = 4 * 1_048_576

    private var line: [UInt8] = []
    private var name = ""
    private var data: [String] = []
    private var dataBytes = 0
    private var hasData = false
    private var isAfterCarriageReturn = false
    private var isAtStart = true
    /// The last id told.
    private(set) var lastID: String?
    /// The wait before connecting anew that the server asks for, in milliseconds; nil when it asks for none.
    private(set) var retryMilliseconds: Int64?

    /// Takes a piece and gives the events that it completes.
    ///
    /// - Returns: Nil when the stream breaks the bound on its length.
    mutating func take(_ bytes: [UInt8]) -> [Event]? {
        var events: [Event] = []
        for byte in bytes {
            let isSecondOfPair = isAfterCarriageReturn && byte == UInt8(ascii: "\n")
            isAfterCarriageReturn = byte == UInt8(ascii: "\r")
            if isSecondOfPair { continue }
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                guard line.count < Self.bytesMax else { return nil }
                line.append(byte)
                continue
            }
            guard dataBytes + line.count <= Self.bytesMax else { return nil }
            if let event = endLine() { events.append(event) }
        }
        return events
    }

    private mutating func endLine() -> Event? {
        var bytes = line[...]
        line.removeAll(keepingCapacity: true)
        if isAtStart {
            isAtStart = false
            if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
        }
        guard !bytes.isEmpty else { return dispatch() }
        let field = bytes.prefix { $0 != UInt8(ascii: ":") }
        var value = bytes.dropFirst(field.count + 1)
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let text = String(decoding: value, as: UTF8.self)
        switch String(decoding: field, as: UTF8.self) {
        case "event": name = text
        case "data":
            data.append(text)
            dataBytes += value.count + 1
            hasData = true
        case "id" where !value.contains(0): lastID = text
        case "retry" where !value.isEmpty && value.allSatisfy { (0x30...0x39).contains($0) }:
            retryMilliseconds = Int64(text)
        default: break
        }
        return nil
    }

    private mutating func dispatch() -> Event? {
        defer {
            name = ""
            data = []
            dataBytes = 0
            hasData = false
        }
        guard hasData else { return nil }
        return Event(name: name.isEmpty ? "message" : name, data: data.joined(separator: "\n"), id: lastID)
    }
}
