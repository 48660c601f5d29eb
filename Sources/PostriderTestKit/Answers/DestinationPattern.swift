import QStashWire

/// The URLs that begin with a given one.
struct DestinationPattern: Sendable {
    /// Protocol, host and port, which must be the same.
    let origin: String
    /// Path and query, with which those of a URL must begin.
    let target: String

    /// - Throws: `WireError` when no message could be sent to the URL.
    init(_ url: String) throws(WireError) {
        let url = try DestinationURL(parsing: url)
        origin = url.origin
        target = url.requestTarget
    }

    /// Whether a URL is the pattern's own or goes on behind it where a segment or a parameter ends.
    func matches(_ url: DestinationURL) -> Bool {
        url.origin == origin && Self.begins(url.requestTarget, with: target)
    }

    /// Whether path and query begin with others, whole segments and whole parameters only.
    static func begins(_ target: String, with start: String) -> Bool {
        guard target.utf8.starts(with: start.utf8) else { return false }
        guard start.utf8.last != UInt8(ascii: "/"), let next = target.utf8.dropFirst(start.utf8.count).first else {
            return true
        }
        let hasQuery = start.utf8.contains(UInt8(ascii: "?"))
        return hasQuery ? next == UInt8(ascii: "&") : next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }
}
