import HTTPTypes
package import QStash

/// One message to many destinations.
package enum URLGroupTour {
    /// A group, which comes into being with its first endpoint.
    package static func add(_ client: QStashClient) async throws {
        try await client.urlGroups.addEndpoints(
            [
                URLGroup.Endpoint(url: "https://billing.example.com/orders", name: "billing"),
                "https://stock.example.com/orders",
            ],
            to: "order-watchers"
        )
    }

    /// A message to each endpoint, each with attempts of its own.
    package static func publish(_ client: QStashClient) async throws -> [PublishReceipt] {
        let receipts = try await client.publish(.json(["order": 7]), toGroup: "order-watchers")
        return receipts
    }

    /// Headers that every publish to the group has unless it says otherwise, by their names on the wire.
    package static func defaults(_ client: QStashClient) async throws {
        guard let retries = HTTPField.Name("Upstash-Retries") else { return }
        try await client.urlGroups.setDefaultHeaders([retries: "5"], of: "order-watchers")
    }

    /// The groups of the account by name, with the number of their endpoints.
    package static func list(_ client: QStashClient) async throws -> [URLGroupName: Int] {
        var counts: [URLGroupName: Int] = [:]
        for group in try await client.urlGroups.list() {
            counts[group.name] = group.endpoints.count
        }
        return counts
    }

    /// One endpoint less, and then none.
    package static func remove(_ client: QStashClient) async throws -> [URLGroup.Endpoint] {
        try await client.urlGroups.removeEndpoints([.named("billing")], from: "order-watchers")
        let group = try await client.urlGroups.get("order-watchers")
        try await client.urlGroups.delete("order-watchers")
        return group.endpoints
    }
}
