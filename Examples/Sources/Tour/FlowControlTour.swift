package import QStash

/// Limits on the deliveries that share a key.
package enum FlowControlTour {
    /// A message of a tenant who may have 5 deliveries under way, and 10 started a minute.
    package static func limit(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(
                flowControl: FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60))
            )
        )
    }

    /// The keys of all tenants, and how much waits.
    package static func backlog(_ client: QStashClient) async throws -> Int {
        var waiting = 0
        for status in try await client.flowControl.list(search: "tenant-") {
            waiting += status.waitListSize
        }
        return waiting
    }

    /// A key that is paused while something is looked into.
    package static func pause(_ client: QStashClient) async throws -> FlowControlStatus {
        try await client.flowControl.pause("tenant-7")
        let status = try await client.flowControl.get("tenant-7")
        try await client.flowControl.resume("tenant-7")
        return status
    }

    /// A limit that holds whatever messages bring, until it is taken back.
    package static func pin(_ client: QStashClient) async throws {
        try await client.flowControl.pin("tenant-7", rate: 1, period: .seconds(60))
        try await client.flowControl.resetRate("tenant-7")
        try await client.flowControl.unpin("tenant-7")
    }

    /// How much more the whole account may have under way.
    package static func room(_ client: QStashClient) async throws -> Int {
        let parallelism = try await client.flowControl.globalParallelism()
        let room = parallelism.max - parallelism.count
        return room
    }
}
