#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Measures where an answer ends among the bytes received, apart from the parser.
///
/// The parser takes all it is given and says nothing of the start of a further message. Bytes after the end of an answer
/// would so become the beginning of the answer to the next request: a message would be settled by what was sent for
/// another. This meter finds the end of the head by itself; whenever the sums do not agree, the connection is not reused.
struct ResponseExtent {
    /// All bytes received since the request.
    private(set) var bytes = 0
    /// Where the body begins; nil until the final head is complete.
    private(set) var headEnd: Int?

    private var lineBytes = 0
    private var headBytes = 0
    private var isInformational = false
    /// The last four bytes received.
    private var tail: UInt32 = 0

    /// Bytes received that belong to heads, or may yet.
    var headBytesSoFar: Int { headEnd ?? bytes }

    mutating func receive(_ buffer: UnsafeRawBufferPointer) {
        if headEnd == nil {
            scanHead(buffer)
        }
        bytes += buffer.count
        for byte in buffer.suffix(4) {
            tail = tail << 8 | UInt32(byte)
        }
    }

    /// Whether exactly one answer, with so many bytes of body, accounts for everything received.
    func isExact(bodyBytes: Int, isChunked: Bool) -> Bool {
        guard let headEnd else { return false }
        if isChunked {
            // A chunked message ends with an empty line. Bytes after it that end with an empty line too would be a whole
            // head, which the parser reports as an answer without a request.
            return tail == 0x0D0A_0D0A
        }
        return bytes == headEnd + bodyBytes
    }

    private mutating func scanHead(_ buffer: UnsafeRawBufferPointer) {
        guard let base = buffer.baseAddress else { return }
        var start = 0
        while start < buffer.count {
            let newline = memchr(base + start, 0x0A, buffer.count - start).map { UnsafeRawPointer($0) - base }
            let end = newline.map { $0 + 1 } ?? buffer.count
            // `HTTP/1.1 100`: the tenth byte tells an informational head, after which another follows.
            if headBytes <= 9, 9 < headBytes + end - start {
                isInformational = buffer[start + 9 - headBytes] == UInt8(ascii: "1")
            }
            headBytes += end - start
            lineBytes += end - start
            start = end
            guard newline != nil else { return }
            // An empty line, its CR and LF. A lone CR or any other byte here is for the parser to reject.
            let isEmptyLine = lineBytes <= 2
            lineBytes = 0
            guard isEmptyLine else { continue }
            guard isInformational else {
                headEnd = bytes + end
                return
            }
            headBytes = 0
            isInformational = false
        }
    }
}
