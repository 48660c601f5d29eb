import HTTPTypes
import PostriderBroker
import PostriderCore
import QStashWire

/// Reading and cancelling messages (docs/WIRE.md, "Messages").
struct MessageRoutes: Sendable {
    let broker: Broker
    let settings: APISettings

    func get(_ id: String, account: Account) async throws -> APIResponse {
        guard let key = key(of: id), let message = try await broker.store.message(key, account: account) else {
            throw Self.notFound
        }
        let body = try await RenderedBody.of(message, callbacks: broker.callbacks)
        return .json { json in
            json.beginObject()
            MessageJSON(store: broker.store.storeID).write(message, body: body, to: &json)
            json.endObject()
        }
    }

    func cancel(_ id: String, account: Account) async throws -> APIResponse {
        guard let key = key(of: id),
            let result = try await broker.canceller.cancel([key], account: account).first, result != .notFound
        else { throw Self.notFound }
        return canceled(1)
    }

    func cancelMany(_ request: APIRequest, account: Account) async throws -> APIResponse {
        let later: Set = [
            "topicName", "queueName", "url", "host", "path", "label", "flowControlKey", "fromDate", "toDate",
            "scheduleId",
            "callerIp", "callerIP", "async",
        ]
        let ids = try await IDList.read(
            request,
            name: "messageIds",
            also: ["count"],
            notYet: later,
            countMax: settings.idsMax,
            bytesMax: settings.parametersBytesMax
        )
        guard let ids else {
            let parameters = try request.parameters()
            // A bound, not a filter: clients send it and call again until nothing is left.
            let limit =
                parameters["count"] == nil
                ? nil : try PageParameters.count(parameters, default: settings.idsMax, max: settings.idsMax)
            return canceled(try await broker.canceller.cancelAll(account: account, limit: limit))
        }
        var keys: [MessageKey] = []
        var seen: Set<MessageKey> = []
        for id in ids {
            if let key = key(of: id), seen.insert(key).inserted { keys.append(key) }
        }
        let results = keys.isEmpty ? [] : try await broker.canceller.cancel(keys, account: account)
        return canceled(results.filter { $0 != .notFound }.count)
    }

    /// The key an id stands for; nil when it is not an id of this store.
    private func key(of id: String) -> MessageKey? {
        guard let id = MessageID(id), id.store == broker.store.storeID else { return nil }
        return id.key
    }

    private func canceled(_ count: Int) -> APIResponse {
        .json(.accepted) { json in
            json.beginObject()
            json.field("cancelled", count)
            json.endObject()
        }
    }

    private static let notFound = APIError(.notFound, code: "message_not_found", message: "message not found")
}
