import HTTPTypes

extension QStashClient {
    /// Publishes a message to a URL.
    ///
    /// When it returns, the server keeps the message durably. When it throws ``QStashError`` with code `unreachable` or `timed_out`,
    /// the server may keep it all the same: publish again with a ``Deduplication``, or live with two.
    ///
    /// - Parameters:
    ///   - url: Where the message is delivered, `http://` or `https://`, sent as it is.
    ///   - options: How it is delivered.
    /// - Returns: The receipt with the message's id.
    /// - Throws: ``QStashError``; wire reference, section 4.1.
    @discardableResult
    public func publish(
        _ body: MessageBody = .empty,
        to url: String,
        options: PublishOptions = PublishOptions()
    ) async throws -> PublishReceipt {
        let path = "/v2/publish/\(try DestinationText.pathPart(url: url, option: "url"))"
        return try await single(try call(path, body: body, options: options, for: .message))
    }

    /// Publishes a message to every endpoint of a URL group, each a message of its own.
    ///
    /// - Returns: A receipt for each endpoint.
    /// - Throws: ``QStashError``.
    @discardableResult
    public func publish(
        _ body: MessageBody = .empty,
        toGroup group: URLGroupName,
        options: PublishOptions = PublishOptions()
    ) async throws -> [PublishReceipt] {
        let path = "/v2/publish/\(try DestinationText.pathPart(group: group, option: "group"))"
        return try await several(try call(path, body: body, options: options, for: .message))
    }

    /// Publishes a message to a URL through a queue, which keeps the order of its messages.
    ///
    /// The queue comes into being when it does not exist. `delay`, `notBefore` and `flowControl` do not exist for queues.
    ///
    /// - Throws: ``QStashError``; wire reference, section 4.2.
    @discardableResult
    public func enqueue(
        _ body: MessageBody = .empty,
        to url: String,
        in queue: QueueName,
        options: PublishOptions = PublishOptions()
    ) async throws -> PublishReceipt {
        let name = try queue.checkedName(option: "queue")
        let path = "/v2/enqueue/\(name)/\(try DestinationText.pathPart(url: url, option: "url"))"
        return try await single(try call(path, body: body, options: options, for: .queuedMessage))
    }

    /// Publishes a message to every endpoint of a URL group through a queue.
    ///
    /// - Returns: A receipt for each endpoint.
    /// - Throws: ``QStashError``.
    @discardableResult
    public func enqueue(
        _ body: MessageBody = .empty,
        toGroup group: URLGroupName,
        in queue: QueueName,
        options: PublishOptions = PublishOptions()
    ) async throws -> [PublishReceipt] {
        let name = try queue.checkedName(option: "queue")
        let path = "/v2/enqueue/\(name)/\(try DestinationText.pathPart(group: group, option: "group"))"
        return try await several(try call(path, body: body, options: options, for: .queuedMessage))
    }

    func call(
        _ path: String,
        body: MessageBody,
        options: PublishOptions,
        for purpose: OptionFields.Purpose
    ) throws(QStashError) -> APICall {
        var call = APICall(
            .post,
            path,
            fields: try fields(body: body, options: options, for: purpose),
            body: body.bytes,
            repetition: options.deduplication == nil ? .publishes : .harmless
        )
        if configuration.sendsTelemetry { TelemetryFields.add(to: &call.fields) }
        return call
    }

    /// The header fields of a message: its options, and what the client adds to every message.
    func fields(
        body: MessageBody,
        options: PublishOptions,
        for purpose: OptionFields.Purpose,
        hasDefaults: Bool = true
    ) throws(QStashError) -> HTTPFields {
        var writer = OptionFields()
        try writer.add(options, body: body, for: purpose)
        if hasDefaults { try writer.addDefaults(configuration.headers, unlessIn: options.headers) }
        return writer.fields
    }

    func single(_ call: APICall) async throws -> PublishReceipt {
        try await perform(call, as: PublishReceipt.self)
    }

    func several(_ call: APICall) async throws -> [PublishReceipt] {
        try await perform(call, as: OneOrMore<PublishReceipt>.self).elements
    }
}

/// A JSON array, or a single object in its place, which some servers send for one element.
struct OneOrMore<Element: Decodable>: Decodable {
    var elements: [Element]

    init(from decoder: any Decoder) throws {
        // By its form, so that a wrong element of an array is refused with its place.
        let isArray = (try? decoder.unkeyedContainer()) != nil
        elements = isArray ? try [Element](from: decoder) : [try Element(from: decoder)]
    }
}
