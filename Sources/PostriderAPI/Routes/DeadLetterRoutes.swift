import HTTPTypes
import PostriderBroker
import PostriderCore
import QStashWire

/// The dead letter queue (docs/WIRE.md, "Dead letters").
struct DeadLetterRoutes: Sendable {
    let broker: Broker
    let settings: APISettings

    private static let later: Set<String> = [
        "url", "topicName", "scheduleId", "queueName", "responseStatus", "callerIp", "callerIP", "label",
        "flowControlKey",
        "fromDate", "toDate",
    ]
    private static let notFound = APIError(.notFound, code: "dead_letter_not_found", message: "dlq message not found")

    func list(_ request: APIRequest, account: Account) async throws -> APIResponse {
        let parameters = try request.parameters()
        try parameters.allowOnly(
            ["cursor", "count", "dlqIds", "messageId", "order", "api"],
            notYet: Self.later
        )
        var query = DeadLetterQuery(
            account: account,
            isLatestFirst: try PageParameters.isLatestFirst(parameters, default: false),
            limit: try PageParameters.count(parameters, default: settings.deadLettersMax, max: settings.deadLettersMax)
        )
        if let cursor = PageParameters.cursor(parameters) {
            query.after = try DeadLetterCursor(parsing: cursor, parameters: parameters).after
        }
        if let ids = parameters.list("dlqIds") {
            guard ids.count <= settings.idsMax else {
                throw APIError(.badRequest, code: "too_many_ids", message: "at most \(settings.idsMax) dlqIds")
            }
            query.ids = ids.compactMap { DeadLetterID($0) }
        }
        if let id = parameters["messageId"]?.last {
            // An id of another store matches nothing; no message has the key 0.
            let parsed = MessageID(id).flatMap { $0.store == broker.store.storeID ? $0.key : nil }
            query.message = parsed ?? MessageKey(rawValue: 0)
        }
        let page =
            query.ids?.isEmpty == true
            ? DeadLetterDesk.Page(deadLetters: [], next: nil) : try await broker.deadLetters.page(query)
        var bodies: [RenderedBody] = []
        for letter in page.deadLetters {
            bodies.append(try await RenderedBody.of(letter.message, callbacks: broker.callbacks))
        }
        let writer = DeadLetterJSON(store: broker.store.storeID)
        return .json { json in
            json.beginObject()
            if let next = page.next { json.field("cursor", DeadLetterCursor(after: next, parameters: parameters).text) }
            json.key("messages")
            json.beginArray()
            for (letter, body) in zip(page.deadLetters, bodies) { writer.write(letter, body: body, to: &json) }
            json.endArray()
            json.endObject()
        }
    }

    func get(_ id: String, account: Account) async throws -> APIResponse {
        guard let id = DeadLetterID(id), let letter = try await broker.deadLetters.deadLetter(id, account: account)
        else {
            throw Self.notFound
        }
        let body = try await RenderedBody.of(letter.message, callbacks: broker.callbacks)
        return .json { DeadLetterJSON(store: broker.store.storeID).write(letter, body: body, to: &$0) }
    }

    func delete(_ id: String, account: Account) async throws -> APIResponse {
        guard let id = DeadLetterID(id), try await broker.deadLetters.delete([id], account: account) == 1 else {
            throw Self.notFound
        }
        return APIResponse(status: .ok)
    }

    func deleteMany(_ request: APIRequest, account: Account) async throws -> APIResponse {
        let ids = try await ids(request, "deleting without dlqIds")
        let deleted = ids.isEmpty ? 0 : try await broker.deadLetters.delete(ids, account: account)
        return .json { json in
            json.beginObject()
            json.field("deleted", deleted)
            json.endObject()
        }
    }

    func retry(_ id: String, request: APIRequest, account: Account) async throws -> APIResponse {
        guard let id = DeadLetterID(id) else { throw Self.notFound }
        _ = try await request.body.bytes(upTo: settings.parametersBytesMax)
        let overrides = try overrides(request)
        let new = try await broker.deadLetters.retry([id], account: account, overrides: overrides)
        guard let message = new.first ?? nil else { throw Self.notFound }
        return .json(.created) { json in
            json.beginObject()
            json.field("messageId", message.description)
            json.endObject()
        }
    }

    func retryMany(_ request: APIRequest, account: Account) async throws -> APIResponse {
        let ids = try await ids(request, "retrying without dlqIds", isEachNeeded: true)
        let overrides = try overrides(request)
        let new = try await broker.deadLetters.retry(ids, account: account, overrides: overrides)
        let stored = new.compactMap { $0 }
        guard !stored.isEmpty else { throw Self.notFound }
        return .json(.created) { json in
            json.beginObject()
            json.key("responses")
            json.beginArray()
            for message in stored {
                json.beginObject()
                json.field("messageId", message.description)
                json.endObject()
            }
            json.endArray()
            json.endObject()
        }
    }

    /// The ids a call names; without any it would mean all, which is not served yet.
    ///
    /// - Parameter isEachNeeded: Whether an id that cannot be one of ours is an error; else it is passed over.
    private func ids(_ request: APIRequest, _ call: String, isEachNeeded: Bool = false) async throws -> [DeadLetterID] {
        let named = try await IDList.read(
            request,
            name: "dlqIds",
            notYet: Self.later.union(["count", "cursor"]),
            countMax: settings.idsMax,
            bytesMax: settings.parametersBytesMax
        )
        guard let texts = named else { throw APIError.notYet(call) }
        let parsed = texts.compactMap { DeadLetterID($0) }
        if isEachNeeded, parsed.count < texts.count { throw Self.notFound }
        var seen: Set<DeadLetterID> = []
        return parsed.filter { seen.insert($0).inserted }
    }

    private func overrides(_ request: APIRequest) throws -> PublishOverrides {
        try PublishOverrides.parse(headers: request.headerFields, limits: broker.settings.accept.wire)
    }
}
