/// Sorts the headers and query parameters of one request and reads the options among them.
struct PublishOverridesParser {
    private let limits: WireLimits

    /// Whether the request's `Content-Type` describes the message, as it does on publish.
    private let takesContentType: Bool

    private var raw = RawOptions()
    private var contentType: String?
    private var forwarded = ForwardList()
    private var callbackForwarded = ForwardList()
    private var failureCallbackForwarded = ForwardList()
    private var budget: HeaderBudget

    init(limits: WireLimits, takesContentType: Bool) {
        self.limits = limits
        self.takesContentType = takesContentType
        self.budget = HeaderBudget(bytesMax: limits.headerBytesMax)
    }

    /// Reads a request.
    ///
    /// - Throws: ``WireError`` for the first thing that is wrong.
    mutating func parse(headers: [HeaderField], query: [HeaderField]) throws(WireError) -> PublishOverrides {
        guard headers.count <= limits.headersMax, query.count <= limits.queryOptionsMax else {
            throw WireError(.headersTooLarge, "there are more than \(limits.headersMax) headers: send fewer")
        }
        for field in headers {
            try take(field, from: .header)
        }
        forwarded.seal()
        callbackForwarded.seal()
        failureCallbackForwarded.seal()
        for field in query {
            try take(field, from: .query)
        }
        return try overrides(headers: headers)
    }

    private mutating func take(_ field: HeaderField, from source: RawOptions.Source) throws(WireError) {
        switch HeaderRoute.of(field.name) {
        case .foreign, .ignored:
            return
        case .contentType:
            if source == .header, takesContentType { try takeContentType(field.value) }
        case .option(let option, let recipient):
            guard field.value.utf8.count <= limits.headerBytesMax else {
                throw WireError(.headersTooLarge, "\(recipient.prefix)\(option.text) is too long")
            }
            try raw.take(option, recipient, field.value, from: source)
        case .nestedCallback(let recipient):
            throw WireError(
                .callbackNested,
                "\(recipient.prefix)Callback and \(recipient.prefix)Failure-Callback do not exist: a callback has no callbacks"
            )
        case .forward(let offset, let recipient):
            let header = try ForwardedHeaders.field(field, nameOffset: offset, recipient: recipient)
            switch recipient {
            case .message: try forwarded.append(header, budget: &budget)
            case .callback: try callbackForwarded.append(header, budget: &budget)
            case .failureCallback: try failureCallbackForwarded.append(header, budget: &budget)
            }
        }
    }

    private mutating func takeContentType(_ value: String) throws(WireError) {
        guard HeaderField.isValidValue(value) else {
            throw WireError(.headerValueInvalid, "Content-Type has a control character in its value: remove it")
        }
        let trimmed = value.trimmingBlanks
        // HTTP clients send an empty type for a body they know nothing about; that is the same as none.
        guard !trimmed.isEmpty else { return }
        guard contentType == nil || contentType == trimmed else {
            throw WireError(.headerRepeated, "Content-Type is given more than once with different values: give it once")
        }
        contentType = trimmed
    }

    private mutating func overrides(headers: [HeaderField]) throws(WireError) -> PublishOverrides {
        let values = OptionValues(raw: raw, limits: limits)
        var overrides = PublishOverrides()
        overrides.method = try values.method()
        overrides.retries = try values.retries()
        overrides.retryDelay = try values.retryDelay()
        overrides.delaySeconds = try values.delaySeconds()
        overrides.notBeforeSeconds = try values.notBeforeSeconds()
        overrides.timeoutSeconds = try values.timeoutSeconds()
        overrides.deduplicationID = try values.deduplicationID()
        overrides.isContentBasedDeduplication = try values.flag(.contentBasedDeduplication)
        overrides.flowControl = try values.flowControl()
        if let labels = values.text(.label) { overrides.labels = try Labels.parse(labels, limits: limits) }
        if let fields = values.text(.redactFields) {
            overrides.redact = try RedactFields.parse(fields, limits: limits)
        }
        overrides.cron = try values.cron()
        overrides.scheduleID = try values.name(.scheduleID)
        overrides.queueName = try values.name(.queueName)
        overrides.isHeaderForwardAll = try values.flag(.headerForward)
        overrides.callback = try CallbackOverrides(
            url: try values.url(.callback),
            headers: callbackForwarded.fields,
            values: OptionValues(raw: raw, limits: limits, recipient: .callback)
        )
        overrides.failureCallback = try CallbackOverrides(
            url: try values.url(.failureCallback),
            headers: failureCallbackForwarded.fields,
            values: OptionValues(raw: raw, limits: limits, recipient: .failureCallback)
        )
        overrides.headers = try messageHeaders(of: headers, areAllForwarded: overrides.isHeaderForwardAll == true)
        return overrides
    }

    /// `Content-Type` first, then the request's own headers if all are wanted, then those forwarded by prefix.
    private mutating func messageHeaders(
        of headers: [HeaderField],
        areAllForwarded: Bool
    ) throws(WireError) -> [HeaderField] {
        // A content type forwarded by prefix is meant for the message, whatever the API call itself carries.
        var result = forwarded.remove(named: "Content-Type")
        guard result.count <= 1 else {
            throw WireError(.headerRepeated, "Upstash-Forward-Content-Type is given more than once: give it once")
        }
        if result.isEmpty, let contentType {
            let header = HeaderField(name: "Content-Type", value: contentType)
            try budget.spend(header)
            result.append(header)
        }
        if areAllForwarded {
            for header in try ForwardedHeaders.all(of: headers, except: forwarded.fields) {
                try budget.spend(header)
                result.append(header)
            }
        }
        return result.isEmpty ? forwarded.fields : result + forwarded.fields
    }
}
