extension TestBroker {
    /// Sets how a destination answers, attempt by attempt.
    ///
    /// ```swift
    /// broker.answer("https://api.test/orders", with: .status(500), .timeout, .ok)
    /// ```
    ///
    /// Each message goes through the answers by itself: the first attempt of each gets the first, its first retry the second, and the last
    /// answer stays for all further ones. What was set for the same URL before no longer counts, for messages on their way neither.
    ///
    /// - Parameters:
    ///   - url: A destination, and all that go on behind it: `https://api.test` is also `https://api.test/orders` and
    ///     `https://api.test/orders/7?paid=true`, but not `https://api.testing`. Of several that fit, the longest counts. If no message
    ///     could be sent to it, the next ``advance(by:)`` or its like throws ``TestKitError`` with code `destinationInvalid`.
    ///   - first: The answer to the first attempt.
    ///   - next: The answers to the attempts after it.
    public func answer(_ url: String, with first: TestAnswer, _ next: TestAnswer...) {
        answers.set(.answers([first] + next), for: url)
    }

    /// Sets how a destination answers, by calling a function for each delivery.
    ///
    /// ```swift
    /// broker.answer("https://worker.test/jobs") { [client = broker.client] delivery in
    ///     let job = try delivery.decode(as: Job.self)
    ///     try await Worker(client: client).run(job)
    ///     return .ok
    /// }
    /// ```
    ///
    /// The function may call anything, use actors and tasks, and publish. However long it runs in real time, no time of the broker passes:
    /// nothing else is due until it returns; ``TestAnswer/after(_:)`` makes an answer take its time. What it leaves behind in
    /// tasks that it does not wait for is not waited for by the broker either. An error that it throws is a 500 with the error's
    /// description as its body. It must not hold the broker itself, only ``client``, or be released by ``shutDown()``.
    ///
    /// - Parameters:
    ///   - url: As in ``answer(_:with:_:)``.
    ///   - handler: Called for each attempt; several calls may be under way at once.
    public func answer(
        _ url: String,
        handler: @escaping @Sendable (TestDelivery) async throws -> TestAnswer
    ) {
        answers.set(.handler(handler), for: url)
    }

    /// Sets how all destinations answer that have no answer of their own, instead of ``TestAnswer/ok``.
    ///
    /// - Parameters:
    ///   - first: The answer to the first attempt of a message.
    ///   - next: The answers to the attempts after it; the last stays.
    public func answerByDefault(with first: TestAnswer, _ next: TestAnswer...) {
        answers.setStandard(.answers([first] + next))
    }

    /// Sets how all destinations answer that have no answer of their own, by calling a function for each delivery.
    public func answerByDefault(handler: @escaping @Sendable (TestDelivery) async throws -> TestAnswer) {
        answers.setStandard(.handler(handler))
    }

    /// Takes back what ``answer(_:with:_:)`` has set for a URL: one that begins alike answers, or the default.
    public func forgetAnswer(_ url: String) {
        answers.set(nil, for: url)
    }
}
