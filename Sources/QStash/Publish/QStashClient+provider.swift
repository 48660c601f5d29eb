import HTTPTypes

extension QStashClient {
    /// Publishes a request to a provider: a language model or a sender of mail.
    ///
    /// Method, URL and the provider's own headers come from ``Provider``; headers of the options are added to them. The client's own
    /// ``Configuration/headers`` are not sent, because they are meant for the program's destinations.
    ///
    /// - Parameters:
    ///   - body: The request as the provider's documentation has it, usually ``MessageBody/json(_:encoder:)``.
    ///   - options: How it is delivered; a language model needs a `callback`, which receives its answer.
    /// - Throws: ``QStashError`` with code `option_invalid` and option `callback` when a model's answer would go nowhere, or with option
    ///   `headers` when one of them belongs to the provider; wire reference, section 4.3.
    @discardableResult
    public func publish(
        _ body: MessageBody,
        through provider: Provider,
        options: PublishOptions
    ) async throws -> PublishReceipt {
        let path = "/v2/publish/\(try DestinationText.pathPart(url: provider.url, option: "provider.url"))"
        return try await single(
            withoutHeaders.call(path, body: body, options: provider.adding(to: options), for: .message)
        )
    }

    /// Publishes a request to a provider through a queue; see ``publish(_:through:options:)``.
    ///
    /// - Throws: ``QStashError``; wire reference, sections 4.2 and 4.3.
    @discardableResult
    public func enqueue(
        _ body: MessageBody,
        through provider: Provider,
        in queue: QueueName,
        options: PublishOptions
    ) async throws -> PublishReceipt {
        let name = try queue.checkedName(option: "queue")
        let path = "/v2/enqueue/\(name)/\(try DestinationText.pathPart(url: provider.url, option: "provider.url"))"
        return try await single(
            withoutHeaders.call(path, body: body, options: provider.adding(to: options), for: .queuedMessage)
        )
    }

    private var withoutHeaders: QStashClient {
        var client = self
        client.configuration.headers = [:]
        return client
    }
}

extension BatchItem {
    /// A request to a provider; see ``QStashClient/publish(_:through:options:)``.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid` and option `callback`, `method` or `headers`.
    public init(
        _ body: MessageBody,
        through provider: Provider,
        in queue: QueueName? = nil,
        options: PublishOptions
    ) throws(QStashError) {
        self.init(body, to: provider.url, in: queue, options: try provider.adding(to: options))
        isForProvider = true
    }
}

extension Provider {
    /// The options with the provider's own headers.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid`.
    fileprivate func adding(to options: PublishOptions) throws(QStashError) -> PublishOptions {
        guard !needsCallback || options.callback != nil else {
            throw QStashError(
                .optionInvalid,
                "a request to a language model needs a callback, which receives the answer",
                option: "callback"
            )
        }
        guard options.method == nil || options.method == .post else {
            throw QStashError(.optionInvalid, "a provider is called by POST", option: "method")
        }
        var options = options
        for field in headers {
            guard !options.headers.contains(field.name) else {
                throw QStashError(
                    .optionInvalid,
                    "\(field.name.rawName) belongs to the provider: leave it out",
                    option: "headers"
                )
            }
            options.headers.append(field)
        }
        return options
    }
}
