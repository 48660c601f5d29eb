import HTTPTypes
import QStash
import Testing

/// Which call is made again after which failure: only where that cannot do anything twice.
@Suite struct RepetitionTests {
    enum Kind: Sendable {
        /// After everything that may pass.
        case harmless
        /// When the server did not take it.
        case publishes
        /// Only when it never left.
        case never
    }

    struct Call: Sendable, CustomTestStringConvertible {
        let name: String
        let kind: Kind
        let make: @Sendable (QStashClient) async throws -> Void

        init(_ name: String, _ kind: Kind, _ make: @escaping @Sendable (QStashClient) async throws -> Void) {
            self.name = name
            self.kind = kind
            self.make = make
        }

        var testDescription: String { name }
    }

    @Test(arguments: calls)
    func callIsMadeAgainOnlyWhereThatIsSafe(_ call: Call) async throws {
        #expect(try await isRepeated(call, after: .unsent), "unsent")
        #expect(try await isRepeated(call, after: .lost) == (call.kind == .harmless), "lost")
        for status in [500, 502, 503, 507] {
            let isRepeated = try await isRepeated(call, after: .text("{}", status: status))
            #expect(isRepeated == (call.kind == .harmless), "\(status)")
        }
        // What a 503 did not store it may still have stored: a server answers so when a write could not be confirmed.
        #expect(try await isRepeated(call, after: .text("{}", status: 429)) == (call.kind != .never), "429")
        for status in [301, 400, 401, 403, 404, 409, 412, 413] {
            #expect(try await !isRepeated(call, after: .text("{}", status: status)), "\(status)")
        }
    }

    /// Whether there is a second request after a failure; that one is refused for good.
    private func isRepeated(_ call: Call, after failure: ScriptedTransport.Step) async throws -> Bool {
        let transport = ScriptedTransport(failure, .text("{}", status: 400))
        let client = try QStashClient.over(transport, retry: .standard, clock: RecordingClock())
        let error = await #expect(throws: QStashError.self) { try await call.make(client) }
        #expect(error?.option == nil)
        #expect(Set(transport.requests).count == 1)
        return transport.requests.count == 2
    }

    private static let once = PublishOptions(deduplication: .id("order-1"))

    static let calls: [Call] = [
        Call("publish", .publishes) { try await $0.publish(to: Sample.hook) },
        Call("publish to a group", .publishes) { try await $0.publish(toGroup: "my-group") },
        Call("enqueue", .publishes) { try await $0.enqueue(to: Sample.hook, in: "orders") },
        Call("batch", .publishes) { client in
            _ = try await client.batch([BatchItem(to: Sample.hook, options: once), BatchItem(to: Sample.hook)])
        },
        Call("publish with an id", .harmless) { try await $0.publish(to: Sample.hook, options: once) },
        Call("publish by content", .harmless) {
            try await $0.publish(to: Sample.hook, options: PublishOptions(deduplication: .contentBased))
        },
        Call("enqueue with an id", .harmless) { try await $0.enqueue(to: Sample.hook, in: "orders", options: once) },
        Call("batch with ids", .harmless) { client in
            _ = try await client.batch([BatchItem(to: Sample.hook, options: once)])
        },
        Call("publish through a provider", .publishes) {
            try await $0.publish(.text("{}"), through: .resend(token: "t"), options: PublishOptions())
        },

        Call("messages.get", .harmless) { _ = try await $0.messages.get("m") },
        Call("messages.cancel", .harmless) { try await $0.messages.cancel("m") },
        Call("messages.cancel many", .harmless) { try await $0.messages.cancel(["m"]) },
        Call("messages.cancel matching", .harmless) {
            try await $0.messages.cancel(matching: MessageFilter(labels: ["a"]))
        },
        Call("messages.cancel matching, bounded", .never) {
            try await $0.messages.cancel(matching: MessageFilter(labels: ["a"]), countMax: 1)
        },
        Call("messages.cancelAll", .harmless) { try await $0.messages.cancelAll() },
        Call("events.page", .harmless) { _ = try await $0.events.page() },
        Call("dlq.page", .harmless) { _ = try await $0.dlq.page() },
        Call("dlq.get", .harmless) { _ = try await $0.dlq.get("1-0") },
        Call("dlq.delete", .harmless) { try await $0.dlq.delete("1-0") },
        Call("dlq.delete many", .harmless) { try await $0.dlq.delete(["1-0"]) },
        Call("dlq.delete matching", .harmless) { try await $0.dlq.delete(matching: DeadLetterFilter(labels: ["a"])) },
        Call("dlq.delete matching, bounded", .never) {
            try await $0.dlq.delete(matching: DeadLetterFilter(labels: ["a"]), countMax: 1)
        },
        Call("dlq.deleteAll", .harmless) { try await $0.dlq.deleteAll() },
        Call("dlq.retry", .never) { try await $0.dlq.retry("1-0") },
        Call("dlq.retry many", .never) { try await $0.dlq.retry(["1-0"]) },
        Call("dlq.retry matching", .never) { try await $0.dlq.retry(matching: DeadLetterFilter(labels: ["a"])) },
        Call("dlq.retryAll", .never) { try await $0.dlq.retryAll() },

        Call("queues.list", .harmless) { _ = try await $0.queues.list() },
        Call("queue.get", .harmless) { _ = try await $0.queue("q").get() },
        Call("queue.upsert", .harmless) { try await $0.queue("q").upsert() },
        Call("queue.delete", .harmless) { try await $0.queue("q").delete() },
        Call("queue.pause", .harmless) { try await $0.queue("q").pause() },
        Call("queue.resume", .harmless) { try await $0.queue("q").resume() },
        Call("schedules.create", .never) {
            try await $0.schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        },
        Call("schedules.create with an id", .harmless) {
            try await $0.schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook, id: "s"))
        },
        Call("schedules.get", .harmless) { _ = try await $0.schedules.get("s") },
        Call("schedules.list", .harmless) { _ = try await $0.schedules.list() },
        Call("schedules.delete", .harmless) { try await $0.schedules.delete("s") },
        Call("schedules.pause", .harmless) { try await $0.schedules.pause("s") },
        Call("schedules.resume", .harmless) { try await $0.schedules.resume("s") },
        Call("urlGroups.addEndpoints", .harmless) { try await $0.urlGroups.addEndpoints(["https://a.b"], to: "g") },
        Call("urlGroups.removeEndpoints", .harmless) {
            try await $0.urlGroups.removeEndpoints([.named("a")], from: "g")
        },
        Call("urlGroups.list", .harmless) { _ = try await $0.urlGroups.list() },
        Call("urlGroups.get", .harmless) { _ = try await $0.urlGroups.get("g") },
        Call("urlGroups.delete", .harmless) { try await $0.urlGroups.delete("g") },
        Call("urlGroups.setDefaultHeaders", .harmless) { try await $0.urlGroups.setDefaultHeaders([:], of: "g") },
        Call("flowControl.list", .harmless) { _ = try await $0.flowControl.list() },
        Call("flowControl.get", .harmless) { _ = try await $0.flowControl.get("k") },
        Call("flowControl.globalParallelism", .harmless) { _ = try await $0.flowControl.globalParallelism() },
        Call("flowControl.pause", .harmless) { try await $0.flowControl.pause("k") },
        Call("flowControl.resume", .harmless) { try await $0.flowControl.resume("k") },
        Call("flowControl.pin", .harmless) { try await $0.flowControl.pin("k", rate: 1) },
        Call("flowControl.unpin", .harmless) { try await $0.flowControl.unpin("k") },
        Call("flowControl.resetRate", .harmless) { try await $0.flowControl.resetRate("k") },
        Call("signingKeys.get", .harmless) { _ = try await $0.signingKeys.get() },
        Call("signingKeys.rotate", .never) { _ = try await $0.signingKeys.rotate() },
    ]
}
