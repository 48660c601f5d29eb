import QStashWire

/// Decides what follows from one attempt: delivered, tried again, or given up; and which callbacks are owed.
package struct SettlementPlanner: Sendable {
    private static let nonRetryableHeader = "Upstash-NonRetryable-Error"
    private static let dayMilliseconds: Int64 = 86_400_000

    package init() {}

    /// The settlement of an attempt.
    ///
    /// - Parameters:
    ///   - retried: Attempts settled before this one.
    ///   - nextKey: Draws a key for each row that is made.
    package func plan(
        message: Message,
        retried: Int,
        startedAt: Timestamp,
        endedAt: Timestamp,
        outcome: AttemptOutcome,
        nextKey: () -> MessageKey
    ) -> Settlement {
        let verdict = verdict(message: message, retried: retried, outcome: outcome)
        let attempt = attempt(
            message: message,
            retried: retried,
            startedAt: startedAt,
            endedAt: endedAt,
            outcome: outcome,
            verdict: verdict,
            key: nextKey()
        )
        let settings = message.settings
        let deadLetter = verdict == .failed ? DeadLetterID(failedAt: endedAt, message: message.key) : nil
        let callback = settings.callback.flatMap {
            self.callback($0, of: message, attempt: attempt, deadLetter: nil, nextKey: nextKey)
        }
        let failureCallback = deadLetter.flatMap { deadLetter in
            settings.failureCallback.flatMap {
                self.callback($0, of: message, attempt: attempt, deadLetter: deadLetter, nextKey: nextKey)
            }
        }
        return Settlement(
            attempt: attempt,
            deadLetter: deadLetter,
            callbacks: callback.map { [$0] } ?? [],
            failureCallback: failureCallback
        )
    }

    private func verdict(message: Message, retried: Int, outcome: AttemptOutcome) -> Attempt.Verdict {
        if case .answered(let answer) = outcome {
            if answer.isSuccess { return .delivered }
            if isNonRetryable(answer) { return .failed }
        }
        return retried < message.settings.retriesMax ? .retry : .failed
    }

    /// The header counts with any status but a success (docs/WIRE.md, "Permanent failure").
    private func isNonRetryable(_ answer: DeliveryAnswer) -> Bool {
        answer.headers.contains { field in
            field.isNamed(Self.nonRetryableHeader) && field.value.lowercased() == "true"
        }
    }

    private func attempt(
        message: Message,
        retried: Int,
        startedAt: Timestamp,
        endedAt: Timestamp,
        outcome: AttemptOutcome,
        verdict: Attempt.Verdict,
        key: MessageKey
    ) -> Attempt {
        var attempt = Attempt(
            key: key,
            message: message.key,
            account: message.account,
            retried: retried,
            startedAt: startedAt,
            // The wall clock may have been set back meanwhile; an attempt never ends before it began.
            endedAt: max(startedAt, endedAt),
            verdict: verdict,
            status: 0,
            error: nil,
            responseHeaders: [],
            responseBody: [],
            nextDue: nil
        )
        switch outcome {
        case .answered(let answer):
            attempt.status = answer.status
            attempt.error = answer.isSuccess ? nil : "destination answered \(answer.status)"
            attempt.responseHeaders = answer.headers
            attempt.responseBody = answer.body
        case .failed(let failure):
            attempt.error = failure.detail
        }
        if verdict == .retry {
            let delay = retryDelayMilliseconds(message: message, retried: retried, outcome: outcome, now: endedAt)
            attempt.nextDue = endedAt.adding(milliseconds: delay)
        }
        return attempt
    }

    /// The destination's wish first, then the publisher's expression, then the default back-off (docs/WIRE.md, "Retries").
    private func retryDelayMilliseconds(
        message: Message,
        retried: Int,
        outcome: AttemptOutcome,
        now: Timestamp
    ) -> Int64 {
        if case .answered(let answer) = outcome,
            let wish = RetryTiming.delayMilliseconds(from: answer.headers, nowMilliseconds: now.milliseconds)
        {
            return wish
        }
        if let text = message.settings.retryDelay, let expression = try? RetryDelayExpression(parsing: text) {
            return expression.delayMilliseconds(retried: retried)
        }
        return min(DefaultBackoff.delayMilliseconds(retry: retried + 1), Self.dayMilliseconds)
    }

    /// A callback is a message of its own: it inherits neither key nor queue, and no callback of its own (decision 23).
    private func callback(
        _ callback: CallbackSettings,
        of message: Message,
        attempt: Attempt,
        deadLetter: DeadLetterID?,
        nextKey: () -> MessageKey
    ) -> Message? {
        // The address was checked when the message was accepted; what no longer parses cannot be called.
        guard let destination = try? DestinationURL(parsing: callback.url) else { return nil }
        let hasContentType = callback.headers.contains { $0.isNamed("Content-Type") }
        let contentType = HeaderField(name: "Content-Type", value: "application/json")
        return Message(
            key: nextKey(),
            account: message.account,
            destination: destination,
            createdAt: attempt.endedAt,
            notBefore: attempt.endedAt.adding(milliseconds: (callback.delaySeconds ?? 0) * 1_000),
            settings: MessageSettings(
                method: callback.method,
                headers: hasContentType ? callback.headers : [contentType] + callback.headers,
                retriesMax: callback.retriesMax ?? message.settings.retriesMax,
                timeoutSeconds: callback.timeoutSeconds,
                retryDelay: callback.retryDelay,
                labels: message.settings.labels,
                // The callback carries the source's body and headers: what is hidden there must not show here.
                redact: message.settings.redact.map { _ in RedactFields(body: true) },
                callerIP: message.settings.callerIP
            ),
            body: .callback(
                CallbackSource(
                    message: message.key,
                    attempt: attempt.key,
                    deadLetter: deadLetter,
                    // Both bodies in base64, while the bytes themselves are still in memory; the rest is small.
                    byteCount: (message.bodyByteCount + attempt.responseBody.count) * 7 / 3
                )
            )
        )
    }
}
