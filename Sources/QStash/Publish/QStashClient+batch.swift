import HTTPTypes
import QStashWire

extension QStashClient {
    /// Publishes many messages with one call; each succeeds or fails on its own.
    ///
    /// When it throws with a status of 400 to 499, none was accepted; after anything else all may have been.
    ///
    /// - Returns: A result for each item, in order.
    /// - Throws: ``QStashError`` with code `list_empty` for no items; with `option_invalid` and an option such as `items[2].delay` when
    ///   an item cannot work, before anything is sent.
    public func batch(_ items: [BatchItem]) async throws -> [BatchResult] {
        guard !items.isEmpty else { throw QStashError(.listEmpty, "the batch has no items", option: "items") }
        var json = JSONWriter(capacity: items.reduce(64) { $0 + $1.body.bytes.count + 256 })
        var areRepeatable = true
        json.beginArray()
        for (index, item) in items.enumerated() {
            do throws(QStashError) {
                try write(item, to: &json)
            } catch {
                var error = error
                error.option = "items[\(index)]" + (error.option.map { ".\($0)" } ?? "")
                throw error
            }
            if item.options.deduplication == nil { areRepeatable = false }
        }
        json.endArray()
        var call = APICall(
            .post,
            "/v2/batch",
            fields: [.contentType: "application/json"],
            body: json.bytes,
            repetition: areRepeatable ? .harmless : .publishes
        )
        if configuration.sendsTelemetry { TelemetryFields.add(to: &call.fields) }
        let response = try await perform(call)
        let answers = try Self.decode(OneOrMore<BatchAnswer>.self, from: response).elements
        guard answers.count == items.count else {
            // Which item an answer belongs to is known by its place alone.
            throw QStashError(.answerInvalid, "the server answered \(answers.count) of \(items.count) items")
        }
        return answers.map(\.result)
    }

    private func write(_ item: BatchItem, to json: inout JSONWriter) throws(QStashError) {
        json.beginObject()
        switch item.destination {
        case .url(let url): json.field("destination", try DestinationText.checkedURL(url, option: "url"))
        case .urlGroup(let group): json.field("destination", try group.checkedName(option: "group"))
        }
        if let queue = item.queue { json.field("queue", try queue.checkedName(option: "queue")) }
        let fields = try fields(
            body: item.body,
            options: item.options,
            for: item.queue == nil ? .message : .queuedMessage,
            hasDefaults: !item.isForProvider
        )
        json.key("headers")
        json.beginObject()
        var written: Set<String> = []
        for field in fields where written.insert(field.name.canonicalName).inserted {
            // The values of a repeated name travel in one, as HTTP has it.
            json.field(field.name.rawName, fields[field.name] ?? field.value)
        }
        json.endObject()
        if !item.body.bytes.isEmpty {
            guard let text = String(validating: item.body.bytes, as: UTF8.self) else {
                throw QStashError(
                    .optionInvalid,
                    "the body of a batch item is text in UTF-8: publish other bytes on their own",
                    option: "body"
                )
            }
            json.field("body", text)
        }
        json.endObject()
    }
}

/// One element of a batch's answer: an object, an array for a group, or an error.
///
/// An element that is none of them is a failure of its item alone: the others were accepted all the same.
private struct BatchAnswer: Decodable {
    var result: BatchResult

    private enum CodingKeys: String, CodingKey {
        case error, code, status
    }

    init(from decoder: any Decoder) throws {
        if let container = try? decoder.container(keyedBy: CodingKeys.self), container.contains(.error) {
            result = .refused(
                QStashError(
                    refusalOfItem: (try? container.decode(String.self, forKey: .error)) ?? "",
                    serverCode: try? container.decodeIfPresent(String.self, forKey: .code),
                    status: try? container.decodeIfPresent(Int.self, forKey: .status)
                )
            )
        } else if let receipts = try? OneOrMore<PublishReceipt>(from: decoder).elements {
            result = .accepted(receipts)
        } else {
            result = .refused(
                QStashError(.answerInvalid, "the server's answer for this item is not what the protocol says")
            )
        }
    }
}
