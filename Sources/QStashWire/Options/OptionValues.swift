/// Reads the values of single options; every refusal names the header it is about.
struct OptionValues {
    let raw: RawOptions
    let limits: WireLimits
    var recipient: HeaderRoute.Recipient = .message

    static let retriesMaxText = "quota maxRetries exceeded, current limit: "
    static let delayMaxText = "quota maxDelay exceeded, current limit: "

    func text(_ option: OptionName) -> String? {
        raw.value(of: option, for: recipient)
    }

    private func header(_ option: OptionName) -> String {
        "\(recipient.prefix)\(option.text)"
    }

    /// The method in capitals; nil when not given.
    func method() throws(WireError) -> String? {
        guard let text = text(.method) else { return nil }
        switch text.uppercased() {
        case "GET": return "GET"
        case "POST": return "POST"
        case "PUT": return "PUT"
        case "PATCH": return "PATCH"
        case "DELETE": return "DELETE"
        default:
            throw WireError(.methodInvalid, "\(header(.method)) must be one of GET, POST, PUT, PATCH, DELETE")
        }
    }

    func retries() throws(WireError) -> Int? {
        guard let text = text(.retries) else { return nil }
        let bytes = text.utf8.span
        guard let number = bytes.decimalInteger() else {
            throw WireError(
                .retriesInvalid,
                "\(header(.retries)) must be a whole number from 0 to \(limits.retriesMax)"
            )
        }
        guard number <= Int64(limits.retriesMax) else {
            throw WireError(.retriesTooMany, "\(Self.retriesMaxText)\(limits.retriesMax)", status: 412)
        }
        return Int(number)
    }

    func retryDelay() throws(WireError) -> RetryDelayExpression? {
        guard let text = text(.retryDelay) else { return nil }
        return try RetryDelayExpression(
            parsing: text,
            header: header(.retryDelay),
            bytesMax: limits.expressionBytesMax
        )
    }

    func delaySeconds() throws(WireError) -> Int64? {
        guard let text = text(.delay) else { return nil }
        let seconds = try WireDuration.seconds(parsing: text, header: header(.delay))
        guard seconds <= limits.delaySecondsMax else {
            throw WireError(.delayTooLong, "\(Self.delayMaxText)\(limits.delaySecondsMax)", status: 412)
        }
        return seconds
    }

    func timeoutSeconds() throws(WireError) -> Int64? {
        guard let text = text(.timeout) else { return nil }
        let seconds = try WireDuration.seconds(parsing: text, header: header(.timeout))
        guard seconds > 0 else {
            throw WireError(.timeoutInvalid, "\(header(.timeout)) must be at least 1s: leave it out for the maximum")
        }
        return min(seconds, limits.timeoutSecondsMax)
    }

    func notBeforeSeconds() throws(WireError) -> Int64? {
        guard let text = text(.notBefore) else { return nil }
        let bytes = text.utf8.span
        // A number of any length is a time; one too far ahead is refused by whoever has the clock.
        guard let seconds = bytes.decimalInteger() else {
            throw WireError(.notBeforeInvalid, "\(header(.notBefore)) must be a time in whole Unix seconds")
        }
        return seconds
    }

    func deduplicationID() throws(WireError) -> String? {
        guard let text = text(.deduplicationID) else { return nil }
        guard !text.utf8.contains(UInt8(ascii: ":")) else {
            throw WireError(.deduplicationIDInvalid, "DeduplicationId cannot contain ':'")
        }
        guard text.utf8.count <= limits.deduplicationIDBytesMax else {
            throw WireError(
                .deduplicationIDInvalid,
                "\(header(.deduplicationID)) is longer than \(limits.deduplicationIDBytesMax) bytes: use a shorter id"
            )
        }
        return text
    }

    func flag(_ option: OptionName) throws(WireError) -> Bool? {
        guard let text = text(option) else { return nil }
        let bytes = text.utf8.span
        if bytes.spells("true") { return true }
        guard bytes.spells("false") else {
            throw WireError(.booleanInvalid, "\(header(option)) must be true or false")
        }
        return false
    }

    func url(_ option: OptionName) throws(WireError) -> DestinationURL? {
        guard let text = text(option) else { return nil }
        return try DestinationURL(parsing: text, header: header(option), limits: limits)
    }

    func name(_ option: OptionName) throws(WireError) -> String? {
        guard let text = text(option) else { return nil }
        return try WireName.checked(text, header: header(option), limits: limits)
    }

    func cron() throws(WireError) -> String? {
        guard let text = text(.cron) else { return nil }
        guard text.utf8.count <= limits.cronBytesMax, text.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F || $0 == 0x09 })
        else {
            throw WireError(
                .cronInvalid,
                "\(header(.cron)) must be a cron expression of at most \(limits.cronBytesMax) ASCII characters"
            )
        }
        return text
    }

    func flowControl() throws(WireError) -> FlowControl? {
        switch (text(.flowControlKey), text(.flowControlValue)) {
        case (nil, nil):
            return nil
        case (.some(let key), .some(let value)):
            return try FlowControl.parse(key: key, value: value, limits: limits)
        case (.some, nil):
            throw WireError(
                .flowControlInvalid,
                "Upstash-Flow-Control-Key needs Upstash-Flow-Control-Value with rate=X, parallelism=Y or both"
            )
        case (nil, .some):
            throw WireError(.flowControlInvalid, "Upstash-Flow-Control-Value needs Upstash-Flow-Control-Key")
        }
    }
}
