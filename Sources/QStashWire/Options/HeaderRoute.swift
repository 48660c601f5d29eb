/// What a header or query parameter of a publish request is for, decided from its name alone.
enum HeaderRoute {
    /// The request that an option or a forwarded header belongs to.
    enum Recipient: Int, Sendable {
        /// The message itself.
        case message
        /// The request made after each attempt.
        case callback
        /// The request made when the message has failed for good.
        case failureCallback

        /// The prefix of the recipient's options, as the documentation writes it.
        var prefix: String {
            switch self {
            case .message: "Upstash-"
            case .callback: "Upstash-Callback-"
            case .failureCallback: "Upstash-Failure-Callback-"
            }
        }
    }

    /// A header without the `Upstash-` prefix; travels on only when all headers are forwarded.
    case foreign
    /// `Content-Type`.
    case contentType
    /// An option.
    case option(OptionName, Recipient)
    /// A header to forward, whose name begins at the given UTF-8 offset.
    case forward(nameOffset: Int, Recipient)
    /// A callback of a callback, which does not exist.
    case nestedCallback(Recipient)
    /// An `Upstash-` header that means nothing here: telemetry, or an option of a newer client.
    case ignored

    /// The route of a header name.
    static func of(_ name: String) -> HeaderRoute {
        let bytes = name.utf8.span
        guard bytes.begins(with: "upstash-") else {
            return bytes.spells("content-type") ? .contentType : .foreign
        }
        // The longest prefixes come first: each is the beginning of an option of the next.
        if bytes.begins(with: "failure-callback-", from: 8) { return inCallback(bytes, from: 25, .failureCallback) }
        if bytes.begins(with: "callback-", from: 8) { return inCallback(bytes, from: 17, .callback) }
        if bytes.begins(with: "forward-", from: 8) { return .forward(nameOffset: 16, .message) }
        guard let option = OptionName.named(bytes, from: 8) else { return .ignored }
        return .option(option, .message)
    }

    private static func inCallback(_ bytes: Span<UInt8>, from offset: Int, _ recipient: Recipient) -> HeaderRoute {
        if bytes.begins(with: "forward-", from: offset) { return .forward(nameOffset: offset + 8, recipient) }
        if bytes.spells("callback", from: offset) || bytes.begins(with: "callback-", from: offset)
            || bytes.spells("failure-callback", from: offset) || bytes.begins(with: "failure-callback-", from: offset)
        {
            return .nestedCallback(recipient)
        }
        guard let option = OptionName.named(bytes, from: offset), option.appliesToCallbacks else { return .ignored }
        return .option(option, recipient)
    }
}
