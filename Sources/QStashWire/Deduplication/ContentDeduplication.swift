import Crypto

/// The deduplication id of a message that is recognised by its content.
package enum ContentDeduplication {
    /// The id for a content: a hash over destination, headers and body.
    ///
    /// Every part goes into the hash behind its length, so that two different contents never look the same to it. The
    /// order of headers with different names does not count, because proxies change it; their case must be canonical.
    /// The id contains a colon, which no id that a client chooses can, so the two never meet.
    ///
    /// - Parameters:
    ///   - destination: the URL as published, or the name of the group.
    ///   - headers: `Content-Type` and the forwarded headers, as in ``PublishOptions/headers``.
    package static func id(destination: String, headers: [HeaderField], body: [UInt8]) -> String {
        var frame: [UInt8] = []
        frame.reserveCapacity(512)
        append(destination, to: &frame)
        append(headers.count, to: &frame)
        for index in order(of: headers) {
            append(headers[index].name, to: &frame)
            append(headers[index].value, to: &frame)
        }
        append(body.count, to: &frame)
        var hasher = SHA256()
        hasher.update(data: frame)
        hasher.update(data: body)
        return "content:" + Base64URL.encode(Array(hasher.finalize()))
    }

    /// Positions sorted by name; those of one name stay in order, because the order of their values has a meaning.
    private static func order(of headers: [HeaderField]) -> [Int] {
        headers.indices.sorted { left, right in
            headers[left].name == headers[right].name ? left < right : headers[left].name < headers[right].name
        }
    }

    private static func append(_ text: String, to frame: inout [UInt8]) {
        append(text.utf8.count, to: &frame)
        frame.append(contentsOf: text.utf8)
    }

    private static func append(_ count: Int, to frame: inout [UInt8]) {
        for shift in stride(from: 56, through: 0, by: -8) {
            frame.append(UInt8(truncatingIfNeeded: count >> shift))
        }
    }
}
