import Foundation
import HTTPTypes
import QStash
import Testing

extension JavaScriptParityTests {
    static let rows: [Row] = publishRows + queueRows + scheduleRows + groupRows + readRows + flowControlRows + keyRows

    private static let publishRows: [Row] = [
        Row("publish", "publish-text") { client in
            let receipt = try await client.publish(.text("hello"), to: "\(Sample.hook)?tenant=7")
            #expect(receipt == PublishReceipt(messageID: "msg_7Yx2kQ", url: "\(Sample.hook)?tenant=7"))
        },
        Row("publishJSON", "publish-json") { client async throws in
            let value: JSONValue = .object(["n": .number(1), "ü": .array([.null, .number(1.5)])])
            #expect(try await client.publish(.json(value), to: Sample.hook).messageID == "msg_7Yx2kQ")
        },
        Row("batch", "batch-mixed", mixedBatch),
        Row("batchJSON", "batch-mixed", mixedBatch),
    ]

    @Sendable private static func mixedBatch(_ client: QStashClient) async throws {
        let results = try await client.batch([
            BatchItem(try Sample.n(1), to: Sample.hook),
            BatchItem(try Sample.n(2), toGroup: "my-group", in: "orders"),
            BatchItem(to: "https://two.example.com/b", options: PublishOptions(method: .get)),
        ])
        let receipts = try results.map { try $0.get() }
        #expect(receipts.map { $0.map(\.messageID) } == [["msg_1"], ["msg_a1", "msg_b2"], ["msg_3"]])
        #expect(receipts.map { $0.map(\.isDeduplicated) } == [[false], [false, true], [true]])
    }

    private static let queueRows: [Row] = [
        Row("queue.upsert", "queue-upsert") { try await $0.queue("orders").upsert(parallelism: 2) },
        Row("queue.get", "queue-get") { client in
            let queue = try await client.queue("orders").get()
            #expect(queue.name == "orders" && queue.parallelism == 2 && queue.lag == 12 && !queue.isPaused)
            #expect(queue.createdAt == Sample.to && queue.updatedAt.timeIntervalSince(queue.createdAt) == 0.5)
        },
        Row("queue.list", "queue-list") { client in
            let queues = try await client.queues.list()
            #expect(queues.map(\.name) == ["orders", "mail"] && queues.map(\.isPaused) == [false, true])
        },
        Row("queue.delete", "queue-delete") { try await $0.queue("orders").delete() },
        Row("queue.enqueue", "enqueue-json") { client async throws in
            let body = MessageBody.text(#"{"n":1}"#, contentType: "application/json")
            #expect(try await client.queue("orders").enqueue(body, to: Sample.hook).url == Sample.hook)
        },
        Row("queue.enqueueJSON", "enqueue-json") { client async throws in
            #expect(try await client.enqueue(try Sample.n(), to: Sample.hook, in: "orders").url == Sample.hook)
        },
        Row("queue.pause", "queue-pause") { try await $0.queue("orders").pause() },
        Row("queue.resume", "queue-resume") { try await $0.queue("orders").resume() },
    ]

    private static let scheduleRows: [Row] = [
        Row("schedules.create", "schedule-create") { client in
            let id = try await client.schedules.create(
                ScheduleRequest(
                    cron: " */10 * * * * ",
                    to: Sample.hook,
                    body: .text(#"{"full":true}"#, contentType: nil)
                )
            )
            #expect(id == "scd_1")
        },
        Row("schedules.get", "schedule-get") { client in
            let schedule = try await client.schedules.get("scd_1")
            #expect(schedule.id == "scd_1" && schedule.cron == "CRON_TZ=Europe/Berlin 0 4 * * *")
            #expect(schedule.destination == Sample.hook && schedule.createdAt == Sample.to)
            #expect(schedule.method == .post && schedule.body == Array(#"{"full":true}"#.utf8))
            #expect(schedule.headers == Sample.fields(["Content-Type": "application/json", "X-Tenant": "7"]))
            #expect(schedule.retriesMax == 3 && schedule.delay == .seconds(25) && schedule.timeout == .seconds(30))
            #expect(schedule.retryDelay == "5000 * retried" && schedule.callerIP == "203.0.113.9")
            #expect(schedule.callback == "https://api.example.com/done")
            #expect(schedule.callbackHeaders == Sample.fields(["X-Team": "ops"]))
            #expect(schedule.failureCallback == "https://api.example.com/failed")
            #expect(schedule.failureCallbackHeaders == Sample.fields(["X-Team": "night"]))
            #expect(schedule.queue == "nightly" && schedule.labels == ["nightly", "eu"] && !schedule.isPaused)
            #expect(schedule.flowControl == FlowControl(key: "tenant-7", parallelism: 2, period: .seconds(1)))
            #expect(schedule.lastScheduledAt == Sample.to && schedule.error == "the last trigger failed")
            #expect(schedule.nextScheduledAt?.timeIntervalSince(Sample.to) == 86_400)
            #expect(schedule.lastScheduleStates == ["msg_1": .success, "msg_2": .inProgress, "msg_3": .fail])
        },
        Row("schedules.list", "schedule-list") { client in
            let schedules = try await client.schedules.list()
            #expect(schedules.map(\.id) == ["scd_1", "scd_2", "scd_3"])
            #expect(schedules.map(\.isPaused) == [false, true, false])
            #expect(schedules.map(\.body) == [[], [0xFF, 0x00, 0x01, 0x80], []])
            #expect(schedules.map(\.callerIP) == [nil, nil, "203.0.113.9"])
        },
        Row("schedules.delete", "schedule-delete") { try await $0.schedules.delete("scd_1") },
        Row("schedules.pause", "schedule-pause") { try await $0.schedules.pause("scd_1") },
        Row("schedules.resume", "schedule-resume") { try await $0.schedules.resume("scd_1") },
    ]

    private static let groupRows: [Row] = [
        Row("urlGroups.addEndpoints", "url-group-add-endpoints") { client in
            try await client.urlGroups.addEndpoints(
                [URLGroup.Endpoint(url: "https://one.example.com", name: "billing"), "https://two.example.com"],
                to: "my-group"
            )
        },
        Row("urlGroups.removeEndpoints", "url-group-remove-endpoints") { client in
            try await client.urlGroups.removeEndpoints(
                [.named("billing"), .url("https://two.example.com")],
                from: "my-group"
            )
        },
        Row("urlGroups.list", "url-group-list") { client in
            let groups = try await client.urlGroups.list()
            #expect(groups.map(\.name) == ["my-group", "other"] && groups.map(\.endpoints.count) == [2, 0])
        },
        Row("urlGroups.get", "url-group-get") { client in
            let group = try await client.urlGroups.get("my-group")
            #expect(group.endpoints.map(\.name) == ["billing", nil])
            #expect(group.endpoints.map(\.url) == ["https://one.example.com", "https://two.example.com"])
            #expect(group.createdAt == Sample.to && group.updatedAt > group.createdAt)
        },
        Row("urlGroups.delete", "url-group-delete") { try await $0.urlGroups.delete("my-group") },
    ]

    private static let readRows: [Row] = [
        Row("messages.get", "messages-get") { expectEverything(of: try await $0.messages.get("msg_7Yx2kQ")) },
        Row("messages.cancel", "messages-cancel") { client async throws in
            #expect(try await client.messages.cancel("msg_7Yx2kQ") == 1)
        },
        Row("dlq.listMessages", "dlq-list-filter-every") { client in
            let page = try await client.dlq.page(
                matching: Sample.deadLetterFilter,
                order: .latestFirst,
                countMax: 100
            )
            #expect(page.elements.map(\.id) == ["1725323658779-0"] && page.next == nil)
        },
        Row("dlq.delete", "dlq-delete") { try await $0.dlq.delete("1725323658779-0") },
        Row("dlq.retry", "dlq-retry-one") { client async throws in
            #expect(try await client.dlq.retry("1725323658779-0").messageID == "msg_new")
        },
        Row("dlq.get", "dlq-get") { client in
            let letter = try await client.dlq.get("1725323658779-0")
            expectEverything(of: letter.message)
            #expect(letter.message.urlGroup == "my-group" && letter.message.endpointName == "billing")
            #expect(letter.message.queue == "orders" && letter.message.scheduleID == "scd_nightly")
            #expect(letter.responseStatus == 500 && letter.responseBody == Array("oops".utf8))
            #expect(letter.responseHeaders == Sample.fields(["Content-Type": "text/plain"]))
        },
        Row("logs", "events-filter-every") { client in
            let page = try await client.events.page(
                matching: Sample.eventFilter,
                order: .earliestFirst,
                countMax: 50,
                after: "1760000001234-0"
            )
            #expect(page.elements.map(\.state) == [.delivered])
        },
    ]

    private static func expectEverything(of message: StoredMessage) {
        #expect(message.id == "msg_7Yx2kQ" && message.url == Sample.hook && message.method == .post)
        #expect(message.headers == Sample.fields(["Content-Type": "application/json", "X-Tenant": "7"]))
        #expect(message.body == Array(#"{"n":1}"#.utf8) && message.retriesMax == 3)
        #expect(message.notBefore == Sample.to && message.createdAt.timeIntervalSince1970 == 1_759_999_990)
        #expect(message.callback == "https://api.example.com/done")
        #expect(message.callbackHeaders == Sample.fields(["X-Team": "ops"]))
        #expect(message.failureCallback == "https://api.example.com/failed")
        #expect(message.failureCallbackHeaders == Sample.fields(["X-Team": "night"]))
        #expect(message.callerIP == "203.0.113.9" && message.labels == ["billing", "eu"])
        #expect(message.flowControl == FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60)))
        #expect(message.retryDelay == "1000 * (1 + retried)")
    }

    private static let flowControlRows: [Row] = [
        Row("flowControl.get", "flow-control-get") { client in
            let key = try await client.flowControl.get("tenant-7")
            #expect(key.key == "tenant-7" && key.waitListSize == 5)
            #expect(key.parallelismMax == 10 && key.parallelismCount == 3 && key.rateMax == 100 && key.rateCount == 42)
            #expect(key.ratePeriod == .seconds(60) && key.ratePeriodStart == Sample.to)
            #expect(!key.isPaused && key.isParallelismPinned && !key.isRatePinned)
        },
        Row("flowControl.getGlobalParallelism", "flow-control-global-parallelism") { client in
            let global = try await client.flowControl.globalParallelism()
            #expect(global.max == 500 && global.count == 42)
        },
        Row("flowControl.pause", "flow-control-pause") { try await $0.flowControl.pause("tenant-7") },
        Row("flowControl.resume", "flow-control-resume") { try await $0.flowControl.resume("tenant-7") },
        Row("flowControl.pin", "flow-control-pin") { client in
            try await client.flowControl.pin("tenant-7", parallelism: 5, rate: 10, period: .seconds(60))
        },
        Row("flowControl.unpin", "flow-control-unpin") { try await $0.flowControl.unpin("tenant-7") },
        Row("flowControl.resetRate", "flow-control-reset-rate") { try await $0.flowControl.resetRate("tenant-7") },
    ]

    private static let keyRows: [Row] = [
        Row("signing_key.get", "keys-get") { client async throws in
            #expect(try await client.signingKeys.get() == SigningKeyPair(current: "sig_current", next: "sig_next"))
        },
        Row("signing_key.rotate", "keys-rotate") { client async throws in
            #expect(try await client.signingKeys.rotate() == SigningKeyPair(current: "sig_next", next: "sig_new"))
        },
        // The vector of the wire reference, section 29.
        Row("Receiver.verify", nil) { _ in
            let receiver = try QStashReceiver(
                currentSigningKey: "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r",
                nextSigningKey: "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs",
                now: { Date(timeIntervalSince1970: 1_700_000_000) }
            )
            let token =
                "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLnRlc3QvaG9vaz94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfdmVjdG9yMSIsImJvZHkiOiJrNkk1Y2FrVTVlckw4S2pTVVZUTm93bkR3Y2N2dTVrVTFIeGc4OHRvRllnPSJ9.Npw56Y28mE-nHPCEcIj4Nvvoayi4UpNi0PIqqlBeZi0"
            let url = "https://example.test/hook?x=1"
            try receiver.verify(#"{"hello":"world"}"#, signature: token, url: url)
            #expect(throws: SignatureVerificationError.self) {
                try receiver.verify(#"{"hello": "world"}"#, signature: token, url: url)
            }
        },
    ]
}
