import PostriderCore

extension LogQuery {
    /// A query of the standard account with everything at its widest.
    static func standard(
        messages: [MessageKey]? = nil,
        streams: Set<Stream> = Set(Stream.allCases),
        verdicts: Set<Attempt.Verdict>? = nil,
        isLatestFirst: Bool = false,
        from: MessageKey? = nil,
        limit: Int = 1_000,
        bodyBytesMax: Int = .max
    ) -> LogQuery {
        LogQuery(
            account: .standard,
            messages: messages,
            streams: streams,
            verdicts: verdicts,
            isLatestFirst: isLatestFirst,
            from: from,
            limit: limit,
            bodyBytesMax: bodyBytesMax
        )
    }
}
