import PostriderCore

/// Where the next page of dead letters begins, and for which call: `<dead letter id>-<hash of the parameters>`.
struct DeadLetterCursor {
    let after: DeadLetterID
    private let fingerprint: UInt64

    init(after: DeadLetterID, parameters: QueryParameters) {
        self.after = after
        self.fingerprint = Self.fingerprint(of: parameters)
    }

    /// - Throws: ``APIError`` with 400 when the text is no cursor of ours, or one of another call.
    init(parsing text: String, parameters: QueryParameters) throws(APIError) {
        guard text.utf8.count <= 96, let dash = text.lastIndex(of: "-"),
            let after = DeadLetterID(String(text[..<dash])),
            let fingerprint = UInt64(text[text.index(after: dash)...], radix: 16)
        else { throw EventCursor.invalid("this cursor was not made by this server") }
        guard fingerprint == Self.fingerprint(of: parameters) else {
            throw EventCursor.invalid("this cursor belongs to a call with other parameters")
        }
        self.after = after
        self.fingerprint = fingerprint
    }

    var text: String { "\(after)-\(String(fingerprint, radix: 16))" }

    /// The parameters that choose entries, in one number: the same over restarts.
    private static func fingerprint(of parameters: QueryParameters) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for name in ["dlqIds", "messageId", "order"] {
            for value in [name] + (parameters[name] ?? []) {
                for byte in value.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
                hash = (hash ^ 0xff) &* 0x0000_0100_0000_01b3
            }
        }
        return hash
    }
}
