import Foundation
import HTTPTypes
import QStash
import QStashWire
import Testing

/// Whatever options say, the broker's own parser reads the same from what is sent.
@Suite struct OptionRoundTripTests {
    @Test(arguments: UInt64(1)...300)
    func brokerReadsWhatWasPublished(seed: UInt64) async throws {
        var random = RandomOptions(seed: seed)
        let options = random.options()
        let body = random.body()
        let transport = ScriptedTransport(.text(#"{"messageId":"m"}"#))
        try await QStashClient.over(transport, sendsTelemetry: true).publish(body, to: Sample.hook, options: options)
        let request = try #require(transport.requests.first)
        let headers = request.head.headerFields.map { HeaderField(name: $0.name.rawName, value: $0.value) }
        #expect(request.body == body.bytes)
        try expect(headers, mean: options, body: body)
    }

    @Test(arguments: UInt64(301)...400)
    func brokerReadsWhatABatchItemSays(seed: UInt64) async throws {
        var random = RandomOptions(seed: seed)
        var options = random.options()
        // In JSON a name stands once: the values of a repeated one are joined, which the round trip above does not do.
        options.headers = joined(options.headers)
        options.callback = options.callback.map(joined)
        options.failureCallback = options.failureCallback.map(joined)
        let body = random.body()
        let transport = ScriptedTransport(.text(#"[{"messageId":"m"}]"#))
        _ = try await QStashClient.over(transport).batch([BatchItem(body, to: Sample.hook, options: options)])
        let json = try JSONValue(parsing: try #require(transport.requests.first).body)
        guard case .array(let items) = json, case .object(let members)? = items.first?["headers"] else {
            Issue.record("no item with headers")
            return
        }
        let headers = members.sorted { $0.key < $1.key }.compactMap { name, value -> HeaderField? in
            if case .string(let text) = value { HeaderField(name: name, value: text) } else { nil }
        }
        try expect(headers, mean: options, body: body, hasOrder: false)
    }

    private func joined(_ callback: Callback) -> Callback {
        var callback = callback
        callback.headers = joined(callback.headers)
        return callback
    }

    private func joined(_ fields: HTTPFields) -> HTTPFields {
        var joined = HTTPFields()
        for field in fields where joined[field.name] == nil { joined[field.name] = fields[field.name] }
        return joined
    }

    private func expect(
        _ headers: [HeaderField],
        mean options: QStash.PublishOptions,
        body: MessageBody,
        hasOrder: Bool = true
    ) throws {
        let read = try QStashWire.PublishOptions.parse(headers: headers)
        #expect(read.method == (options.method ?? .post).rawValue)
        let type = body.contentType.map { [HeaderField(name: "Content-Type", value: $0)] } ?? []
        #expect(inOrder(read.headers, hasOrder) == inOrder(type + canonical(options.headers), hasOrder))
        #expect(read.retries == options.retries)
        #expect(read.retryDelay?.text == options.retryDelay?.expression)
        #expect(read.delaySeconds == options.delay?.components.seconds)
        #expect(read.notBeforeSeconds == options.notBefore.map { Int64($0.timeIntervalSince1970) })
        #expect(read.timeoutSeconds == options.timeout?.components.seconds)
        switch options.deduplication {
        case nil: #expect(read.deduplicationID == nil && !read.isContentBasedDeduplication)
        case .id(let id): #expect(read.deduplicationID == id && !read.isContentBasedDeduplication)
        case .contentBased: #expect(read.deduplicationID == nil && read.isContentBasedDeduplication)
        }
        expect(read.callback, means: options.callback, hasOrder)
        expect(read.failureCallback, means: options.failureCallback, hasOrder)
        #expect(
            read.flowControl
                == options.flowControl.map {
                    QStashWire.FlowControl(
                        key: $0.key.rawValue,
                        parallelism: $0.parallelism,
                        rate: $0.rate,
                        periodSeconds: $0.period?.components.seconds ?? 1
                    )
                }
        )
        var labels: [String] = []
        for label in options.labels where !labels.contains(label) { labels.append(label) }
        #expect(read.labels == labels)
        #expect(read.redact == options.redaction.map(redactFields))
        #expect(read.cron == nil && read.scheduleID == nil && read.queueName == nil && !read.isHeaderForwardAll)
    }

    private func expect(_ read: CallbackOptions?, means callback: Callback?, _ hasOrder: Bool) {
        #expect((read == nil) == (callback == nil))
        guard let read, let callback else { return }
        #expect(read.url.text == callback.url && read.method == (callback.method ?? .post).rawValue)
        #expect(inOrder(read.headers, hasOrder) == inOrder(canonical(callback.headers), hasOrder))
        #expect(read.retries == callback.retries && read.retryDelay?.text == callback.retryDelay?.expression)
        #expect(read.timeoutSeconds == callback.timeout?.components.seconds)
        #expect(read.delaySeconds == callback.delay?.components.seconds)
    }

    private func redactFields(_ redaction: Redaction) -> RedactFields {
        switch redaction.headers {
        case .none: RedactFields(body: redaction.body)
        case .all: RedactFields(body: redaction.body, allHeaders: true)
        case .named(let names): RedactFields(body: redaction.body, headerNames: names)
        }
    }

    private func canonical(_ fields: HTTPFields) -> [HeaderField] {
        fields.map { HeaderField(name: HeaderField.canonicalName($0.name.rawName), value: $0.value) }
    }

    private func inOrder(_ fields: [HeaderField], _ hasOrder: Bool) -> [HeaderField] {
        hasOrder ? fields : fields.sorted { ($0.name, $0.value) < ($1.name, $1.value) }
    }
}
