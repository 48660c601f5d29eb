import HTTPTypes
import Logging
public import QStash
import Tracing

extension JobPublisher {
    /// Publishes a job.
    ///
    /// When it returns, the broker keeps the message durably.
    ///
    /// - Throws: ``JobsError`` with code `publish_refused` when a rule is broken (nothing was sent), with `publish_failed` when the broker
    ///   refused it or was not reached, with `publish_uncertain` when it may have taken it all the same, because it did not answer or failed
    ///   itself. `CancellationError` when the task was cancelled; it may have been taken then too.
    @discardableResult
    public func publish<Parameters: JobParameters>(
        _ parameters: Parameters,
        options: JobPublishOptions = JobPublishOptions()
    ) async throws -> PublishReceipt {
        try await publish(parameters, options: options, requestID: nil)
    }

    /// Publishes a job without throwing.
    ///
    /// - Returns: The receipt, or why there is none.
    public func tryPublish<Parameters: JobParameters>(
        _ parameters: Parameters,
        options: JobPublishOptions = JobPublishOptions()
    ) async -> Result<PublishReceipt, JobsError> {
        do {
            return .success(try await publish(parameters, options: options))
        } catch let error as JobsError {
            return .failure(error)
        } catch {
            return .failure(JobsError(.publishFailed, "the task was cancelled"))
        }
    }

    func publish<Parameters: JobParameters>(
        _ parameters: Parameters,
        options: JobPublishOptions,
        requestID: String?
    ) async throws -> PublishReceipt {
        let tracer: any Tracer = self.tracer ?? InstrumentationSystem.tracer
        return try await tracer.withAnySpan(TelemetryEvent.enqueueSpan, ofKind: .producer) { span in
            let job = try prepare(parameters, options, requestID: requestID, span)
            do {
                let receipt = try await client.publish(job.body, to: job.url, options: job.options)
                if span.isRecording {
                    span.attributes[TelemetryAttribute.enqueueIsDeduplicated] = receipt.isDeduplicated
                }
                logger.debug(
                    "\(TelemetryEvent.enqueueScheduled)",
                    metadata: [
                        TelemetryAttribute.jobType: "\(Parameters.jobName)",
                        TelemetryAttribute.messageID: "\(receipt.messageID)",
                    ]
                )
                return receipt
            } catch let error as QStashError {
                let isUnsent = error.status == nil && error.option != nil
                if span.isRecording, !isUnsent { span.attributes[TelemetryAttribute.enqueueUnavailable] = true }
                // Its description has neither the server's text nor the destination.
                let code: JobsError.Code =
                    isUnsent ? .publishRefused : Self.isRefusal(error) ? .publishFailed : .publishUncertain
                throw JobsError(code, error.description)
            }
        }
    }
}

extension JobPublisher {
    /// Whether the broker certainly does not have the message: it said no, or has never heard of it.
    private static func isRefusal(_ error: QStashError) -> Bool {
        // 408 may come from something between that has given up waiting.
        if let status = error.status { return (400..<500).contains(status) && status != 408 }
        return (error.underlying as? QStashTransportError)?.reach == .unsent
    }
}

/// A job ready to be sent.
private struct PreparedMessage {
    var body: MessageBody
    var url: String
    var options: PublishOptions
}

extension JobPublisher {
    /// Checks all rules and puts the message together; nothing has been sent.
    ///
    /// - Throws: ``JobsError`` with code `publish_refused`.
    private func prepare<Parameters: JobParameters>(
        _ parameters: Parameters,
        _ options: JobPublishOptions,
        requestID: String?,
        _ span: any Span
    ) throws(JobsError) -> PreparedMessage {
        let path = options.path ?? Parameters.path
        let profile = Parameters.retryProfile
        let label = options.label ?? Parameters.label
        let retries = options.retries ?? profile.retries
        describe(Parameters.jobName, path, label, retries, options, span)
        guard let origin else { throw refuse(TelemetryEvent.missingOrigin, "there is no origin to publish to", span) }
        guard let url = PublicOrigin.url(origin: origin, path: path) else {
            throw refuse(TelemetryEvent.invalidPath, "the path does not lead to the application's origin", span)
        }
        if span.isRecording { span.attributes[TelemetryAttribute.enqueueURL] = origin + path.prefix { $0 != "?" } }
        let deduplication = try deduplication(options)
        try check(label)
        let bytes: [UInt8]
        do {
            bytes = try JSONValue.bytes(encoding: parameters)
        } catch {
            throw JobsError(.publishRefused, "the parameters of '\(Parameters.jobName)' cannot be encoded as JSON")
        }
        var headers = options.headers
        headers[FieldNames.jobType] = Parameters.jobName
        if let requestID { headers[FieldNames.requestID] = requestID }
        return PreparedMessage(
            body: .bytes(bytes, contentType: "application/json"),
            url: url,
            options: PublishOptions(
                headers: headers,
                delay: options.delay ?? profile.initialDelay,
                retries: retries,
                retryDelay: options.retryDelay ?? profile.retryDelay,
                timeout: options.timeout,
                deduplication: deduplication,
                callback: options.callback,
                failureCallback: options.failureCallback,
                flowControl: options.flowControl,
                labels: label.map { [$0] } ?? [],
                redaction: options.redaction
            )
        )
    }

    private func deduplication(_ options: JobPublishOptions) throws(JobsError) -> Deduplication? {
        if let id = options.deduplicationID {
            guard id.contains(where: { !$0.isWhitespace }) else {
                throw JobsError(.publishRefused, "the deduplication id is blank")
            }
            guard !options.isDeduplicatedByContent else {
                throw JobsError(.publishRefused, "a deduplication id and deduplication by content exclude each other")
            }
            return .id(WireDeduplicationID.text(id))
        }
        guard !rules.requiresDeduplicationID else {
            throw JobsError(.publishRefused, "a deduplication id is required")
        }
        return options.isDeduplicatedByContent ? .contentBased : nil
    }

    private func check(_ label: String?) throws(JobsError) {
        guard let labels = rules.canonicalLabels else { return }
        guard let label, labels.contains(label) else {
            throw JobsError(.publishRefused, "the label is none of the canonical ones")
        }
    }

    private func refuse(_ event: String, _ detail: String, _ span: any Span) -> JobsError {
        let attribute =
            event == TelemetryEvent.missingOrigin
            ? TelemetryAttribute.enqueueMissingOrigin : TelemetryAttribute.enqueueInvalidPath
        if span.isRecording { span.attributes[attribute] = true }
        logger.error("\(event)")
        return JobsError(.publishRefused, detail)
    }

    private func describe(
        _ jobName: String,
        _ path: String,
        _ label: String?,
        _ retries: Int,
        _ options: JobPublishOptions,
        _ span: any Span
    ) {
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes[TelemetryAttribute.enqueueJobType] = jobName
            attributes[TelemetryAttribute.enqueuePath] = String(path.prefix { $0 != "?" })
            attributes[TelemetryAttribute.enqueueRetries] = retries
            if let label { attributes[TelemetryAttribute.enqueueLabel] = label }
            if let key = options.flowControl?.key {
                attributes[TelemetryAttribute.enqueueFlowControlKey] = key.rawValue
            }
            attributes[TelemetryAttribute.enqueueHasFailureCallback] = options.failureCallback != nil
            attributes[TelemetryAttribute.enqueueContentBased] = options.isDeduplicatedByContent
            attributes[TelemetryAttribute.enqueueHasDeduplicationID] = options.deduplicationID != nil
            if let hash = options.deduplicationID.flatMap(telemetryHash.hash) {
                attributes[TelemetryAttribute.enqueueDeduplicationHash] = hash
            }
        }
    }
}
