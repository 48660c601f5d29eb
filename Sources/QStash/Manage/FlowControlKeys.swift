import HTTPTypes

/// The flow control keys of the account (wire reference, section 18).
///
/// A key comes into being with the first message that names it, and its limits are those of the latest message unless they are pinned.
public struct FlowControlKeys: Sendable {
    private static let periodSecondsMax: Int64 = 604_800

    let client: QStashClient

    /// All keys, or those whose name holds a text.
    ///
    /// - Parameter search: The text; nil for all keys.
    /// - Throws: ``QStashError`` with code `option_invalid` for an empty text.
    public func list(search: String? = nil) async throws -> [FlowControlStatus] {
        var query: [(name: String, value: String)] = []
        if let search {
            guard !search.isEmpty else {
                throw QStashError(.optionInvalid, "the text to search for is empty", option: "search")
            }
            query.append(("search", search))
        }
        return try await client.perform(APICall(.get, "/v2/flowControl", query: query), as: [FlowControlStatus].self)
    }

    /// The key as it is now.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when no message has named it, or it has been idle for long.
    public func get(_ key: FlowControlKey) async throws -> FlowControlStatus {
        try await client.perform(APICall(.get, try path(key)), as: FlowControlStatus.self)
    }

    /// How many deliveries of the whole account may be under way, and are.
    public func globalParallelism() async throws -> GlobalParallelism {
        try await client.perform(APICall(.get, "/v2/globalParallelism"), as: GlobalParallelism.self)
    }

    /// Has no delivery of the key start; what is under way ends, and new messages wait.
    ///
    /// Twice is as good as once.
    public func pause(_ key: FlowControlKey) async throws {
        try await act("pause", on: key)
    }

    /// Has deliveries of the key start again.
    ///
    /// Twice is as good as once.
    public func resume(_ key: FlowControlKey) async throws {
        try await act("resume", on: key)
    }

    /// Sets limits that stay whatever messages bring, until ``unpin(_:parallelism:rate:)``; begins a new period.
    ///
    /// - Parameters:
    ///   - parallelism: How many deliveries may be under way, at least 1; nil to leave it unpinned.
    ///   - rate: How many deliveries may start in a period, at least 1; nil to leave it unpinned.
    ///   - period: The period in whole seconds, up to a week; nil for the server's default of 1 s. Only with a rate.
    /// - Throws: ``QStashError`` with code `option_invalid`, also when there is nothing to pin.
    public func pin(
        _ key: FlowControlKey,
        parallelism: Int? = nil,
        rate: Int? = nil,
        period: Duration? = nil
    ) async throws {
        var query: [(name: String, value: String)] = []
        if let parallelism {
            query.append(("parallelism", "\(try OptionFields.limit(parallelism, option: "parallelism"))"))
        }
        if let rate { query.append(("rate", "\(try OptionFields.limit(rate, option: "rate"))")) }
        guard !query.isEmpty else {
            throw QStashError(.optionInvalid, "there is neither a parallelism nor a rate to pin", option: "rate")
        }
        if let period {
            let seconds = try OptionFields.wholeSeconds(period, option: "period")
            guard rate != nil, (1...Self.periodSecondsMax).contains(seconds) else {
                throw QStashError(
                    .optionInvalid,
                    "a period belongs to a rate, and lasts from 1 s to a week",
                    option: "period"
                )
            }
            query.append(("period", "\(seconds)"))
        }
        try await act("pin", on: key, query: query)
    }

    /// Lets messages bring limits again; those pinned hold until one does.
    ///
    /// - Parameters:
    ///   - parallelism: Whether the parallelism is no longer pinned.
    ///   - rate: Whether rate and period are no longer pinned.
    /// - Throws: ``QStashError`` with code `option_invalid` when neither is to be unpinned.
    public func unpin(_ key: FlowControlKey, parallelism: Bool = true, rate: Bool = true) async throws {
        var query: [(name: String, value: String)] = []
        if parallelism { query.append(("parallelism", "true")) }
        if rate { query.append(("rate", "true")) }
        guard !query.isEmpty else {
            throw QStashError(.optionInvalid, "neither parallelism nor rate is to be unpinned", option: "rate")
        }
        try await act("unpin", on: key, query: query)
    }

    /// Begins a new period now, with nothing counted.
    ///
    /// Twice is as good as once.
    public func resetRate(_ key: FlowControlKey) async throws {
        try await act("resetRate", on: key)
    }

    private func act(
        _ verb: String,
        on key: FlowControlKey,
        query: [(name: String, value: String)] = []
    ) async throws {
        _ = try await client.perform(APICall(.post, "\(try path(key))/\(verb)", query: query))
    }

    private func path(_ key: FlowControlKey) throws(QStashError) -> String {
        "/v2/flowControl/\(try key.pathSegment())"
    }
}
