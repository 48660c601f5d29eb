public import HTTPTypes
import QStashWire

/// The URL groups of the account, which the wire calls topics (wire reference, section 17).
public struct URLGroups: Sendable {
    let client: QStashClient

    /// Adds endpoints to a group, which comes into being when it does not exist; one whose name is taken is changed.
    ///
    /// - Throws: ``QStashError`` with code `list_empty` for no endpoints; `option_invalid` with an option such as `endpoints[1].url`.
    public func addEndpoints(_ endpoints: [URLGroup.Endpoint], to group: URLGroupName) async throws {
        let call = try endpointsCall(.post, group, endpoints) { endpoint, option, json throws(QStashError) in
            if let name = endpoint.name { json.field("name", try Self.checked(name, option: "\(option).name")) }
            json.field("url", try DestinationText.checkedURL(endpoint.url, option: "\(option).url"))
        }
        _ = try await client.perform(call)
    }

    /// Removes endpoints from a group, which disappears with its last one.
    ///
    /// - Throws: ``QStashError`` with code `list_empty` for no endpoints, `not_found` when there is no such group.
    public func removeEndpoints(_ endpoints: [URLGroup.EndpointReference], from group: URLGroupName) async throws {
        let call = try endpointsCall(.delete, group, endpoints) { endpoint, option, json throws(QStashError) in
            switch endpoint {
            case .named(let name): json.field("name", try Self.checked(name, option: "\(option).name"))
            // Only compared: whatever is stored can be removed.
            case .url(let url): json.field("url", try Self.checked(url, option: "\(option).url"))
            }
        }
        _ = try await client.perform(call)
    }

    /// All groups.
    public func list() async throws -> [URLGroup] {
        try await client.perform(APICall(.get, "/v2/topics"), as: [URLGroup].self)
    }

    /// The group with that name.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none.
    public func get(_ group: URLGroupName) async throws -> URLGroup {
        try await client.perform(APICall(.get, try path(group)), as: URLGroup.self)
    }

    /// Deletes a group; one that does not exist is no error.
    ///
    /// Messages already published to it are not affected.
    public func delete(_ group: URLGroupName) async throws {
        _ = try await client.perform(APICall(.delete, try path(group)))
    }

    /// Sets the headers that every publish to a group has unless it says otherwise, in place of those set before.
    ///
    /// - Parameter headers: Names and values of the wire, such as `Upstash-Retries: 3` or `Upstash-Forward-X-Tenant: 7`; none to have no
    ///   defaults any more.
    /// - Throws: ``QStashError`` with code `not_found` when there is no such group.
    public func setDefaultHeaders(_ headers: HTTPFields, of group: URLGroupName) async throws {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        json.key("headers")
        json.beginObject()
        var written: Set<String> = []
        for field in headers where written.insert(field.name.canonicalName).inserted {
            json.key(field.name.rawName)
            json.beginArray()
            for value in headers[values: field.name] { json.value(value) }
            json.endArray()
        }
        json.endObject()
        json.endObject()
        _ = try await client.perform(
            APICall(.patch, try path(group), fields: [.contentType: "application/json"], body: json.bytes)
        )
    }

    private func endpointsCall<Element>(
        _ method: HTTPRequest.Method,
        _ group: URLGroupName,
        _ endpoints: [Element],
        write: (Element, String, inout JSONWriter) throws(QStashError) -> Void
    ) throws(QStashError) -> APICall {
        let path = "\(try path(group))/endpoints"
        guard !endpoints.isEmpty else {
            throw QStashError(.listEmpty, "there are no endpoints", option: "endpoints")
        }
        var json = JSONWriter(capacity: 64 + endpoints.count * 96)
        json.beginObject()
        json.key("endpoints")
        json.beginArray()
        for (index, endpoint) in endpoints.enumerated() {
            json.beginObject()
            try write(endpoint, "endpoints[\(index)]", &json)
            json.endObject()
        }
        json.endArray()
        json.endObject()
        return APICall(method, path, fields: [.contentType: "application/json"], body: json.bytes)
    }

    private func path(_ group: URLGroupName) throws(QStashError) -> String {
        "/v2/topics/\(try group.checkedName(option: "group"))"
    }

    private static func checked(_ text: String, option: String) throws(QStashError) -> String {
        guard !text.isEmpty else { throw QStashError(.optionInvalid, "\(option) is empty", option: option) }
        return text
    }
}
