import NIOHTTP1
import QStashWire

/// What the head of an answer says about its body and its connection, with the header fields for the caller.
struct ResponseTerms {
    let fields: [HeaderField]
    /// The value of `Content-Length`; nil when absent or no number.
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    /// Whether the destination lets the connection be used again.
    private(set) var isReusable = true
    /// `Keep-Alive: timeout=N` in seconds.
    private(set) var keepAliveSeconds: Int64?

    init(_ head: HTTPResponseHead) {
        var fields: [HeaderField] = []
        fields.reserveCapacity(head.headers.count)
        // HTTP/1.0 has no dependable way to keep a connection.
        isReusable = head.version == .http1_1
        for (name, value) in head.headers {
            fields.append(HeaderField(name: name, value: value))
            // Comparing lengths first spares most fields the comparison.
            switch name.utf8.count {
            case 14 where name.matches("content-length"):
                contentLength = Int(value)
            case 17 where name.matches("transfer-encoding"):
                isChunked = true
            case 10 where name.matches("connection"):
                // After `upgrade` the parser would stop reading; no request of ours asks for it.
                if value.hasToken("close") || value.hasToken("upgrade") {
                    isReusable = false
                }
            case 10 where name.matches("keep-alive"):
                keepAliveSeconds = Self.timeout(in: value)
            default:
                break
            }
        }
        self.fields = fields
    }

    private static func timeout(in value: String) -> Int64? {
        for parameter in value.split(separator: ",") {
            let pair = parameter.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.matches("timeout") else { continue }
            return Int64(pair[1].trimmed).map { max(0, min($0, 86_400)) }
        }
        return nil
    }
}

extension StringProtocol {
    /// Compares ASCII without regard to case; `lowercase` is in lower case.
    fileprivate func matches(_ lowercase: StaticString) -> Bool {
        guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { expected in
            zip(utf8, expected).allSatisfy { byte, wanted in
                byte == wanted || ((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) && byte | 0x20 == wanted)
            }
        }
    }

    /// Whether a comma-separated list has this token.
    fileprivate func hasToken(_ lowercase: StaticString) -> Bool {
        split(separator: ",").contains { $0.trimmed.matches(lowercase) }
    }

    fileprivate var trimmed: SubSequence {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let tail = drop(while: isSpace)
        guard let last = tail.lastIndex(where: { !isSpace($0) }) else { return self[endIndex...] }
        return tail[...last]
    }
}
