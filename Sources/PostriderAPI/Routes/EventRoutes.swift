import HTTPTypes
import PostriderBroker
import PostriderCore
import QStashWire

/// The event log (docs/WIRE.md, "Events").
struct EventRoutes: Sendable {
    let broker: Broker
    let settings: APISettings

    private static let later: Set<String> = [
        "url", "host", "path", "topicName", "scheduleId", "queueName", "label", "flowControlKey", "callerIp",
        "callerIP",
        "fromDate", "toDate", "groupBy",
    ]

    func list(_ request: APIRequest, key: String, account: Account) async throws -> APIResponse {
        let parameters = try request.parameters()
        try parameters.allowOnly(["cursor", "count", "messageId", "messageIds", "state", "order"], notYet: Self.later)
        let filter = EventFilter(
            account: account,
            messages: try messages(parameters),
            states: try states(parameters),
            isLatestFirst: try PageParameters.isLatestFirst(parameters, default: true)
        )
        let count = try PageParameters.count(parameters, default: settings.eventsDefault, max: settings.eventsMax)
        let from = try PageParameters.cursor(parameters).map { try EventCursor(parsing: $0, filter: filter).position }
        // No id given is of this store: nothing can match, and an empty list of keys would mean something else below.
        let page =
            filter.messages?.isEmpty == true
            ? EventReader.Page(events: [], next: nil)
            : try await broker.events.page(filter, from: from, count: count, bodyBytesMax: settings.eventBodyBytesMax)
        let writer = EventJSON(store: broker.store.storeID, delivery: broker.settings.delivery)
        return .json { json in
            json.beginObject()
            if let next = page.next { json.field("cursor", EventCursor(position: next, filter: filter).text) }
            json.key(key)
            json.beginArray()
            for event in page.events { writer.write(event, to: &json) }
            json.endArray()
            json.endObject()
        }
    }

    private func messages(_ parameters: QueryParameters) throws(APIError) -> [MessageKey]? {
        guard let ids = parameters.list("messageIds") ?? parameters.list("messageId") else { return nil }
        guard ids.count <= settings.idsMax else {
            throw APIError(.badRequest, code: "too_many_ids", message: "at most \(settings.idsMax) message ids")
        }
        let keys = ids.compactMap { MessageID($0) }.filter { $0.store == broker.store.storeID }.map(\.key)
        return Array(Set(keys)).sorted()
    }

    private func states(_ parameters: QueryParameters) throws(APIError) -> Set<Event.State>? {
        guard let words = parameters.list("state"), !words.isEmpty else { return nil }
        var states: Set<Event.State> = []
        for word in words {
            guard let meant = EventFilter.states(named: word.uppercased()) else {
                throw APIError(.badRequest, code: "state_unknown", message: "unknown state \(word.prefix(64))")
            }
            states.formUnion(meant)
        }
        return states
    }
}
