import Foundation
import HTTPTypes
import QStash
import Testing

/// Messages, the log and dead letters against the recorded exchanges (wire reference, sections 11, 13 and 14).
@Suite struct ReadExchangeTests {
    @Test(arguments: cases)
    func callMakesTheRecordedExchange(_ exchange: ExchangeCase) async throws {
        try await exchange.play()
    }

    static let cases: [ExchangeCase] = [
        ExchangeCase("messages-get-minimal") { client in
            let message = try await client.messages.get("msg_7Yx2kQ")
            #expect(message.body.isEmpty && message.headers.isEmpty && message.labels.isEmpty)
            #expect(message.flowControl == nil && message.callback == nil && message.callerIP == nil)
        },
        ExchangeCase("messages-get-variant") { client in
            let message = try await client.messages.get("msg_7Yx2kQ")
            #expect(message.body == [0xFF, 0x00, 0x01, 0x80])
            #expect(message.callerIP == "203.0.113.9")
            #expect(message.labels == ["billing"])
            #expect(message.flowControl == FlowControl(key: "tenant-7", rate: 10, period: .seconds(1)))
            #expect(message.queue == "orders" && message.scheduleID == "scd_nightly")
            #expect(message.urlGroup == "my-group" && message.endpointName == "billing")
        },
        ExchangeCase("messages-cancel-many") { client async throws in
            #expect(try await client.messages.cancel(["msg_a1", "msg_b2"]) == 2)
        },
        ExchangeCase("messages-cancel-filter") { client async throws in
            #expect(try await client.messages.cancel(matching: Sample.messageFilter, countMax: 50) == 12)
        },
        ExchangeCase("messages-cancel-all") { client async throws in
            #expect(try await client.messages.cancelAll() == 3)
        },
        ExchangeCase("messages-cancel-text") { client async throws in
            #expect(try await client.messages.cancel("msg_7Yx2kQ") == 1)
        },
        ExchangeCase("events-page") { client in
            let page = try await client.events.page(countMax: 2, after: "1760000009999-3")
            #expect(page.next == "1760000001234-0")
            let event = try #require(page.elements.first)
            #expect(event.time.timeIntervalSince1970 == 1_760_000_001.234)
            #expect(event.messageID == "msg_7Yx2kQ" && event.state == .error && event.url == Sample.hook)
            #expect(event.method == .post && event.headers[.contentType] == "application/json")
            #expect(event.body == Array(#"{"n":1}"#.utf8) && event.responseBody == Array("oops".utf8))
            #expect(event.error == "the endpoint answered 500" && event.responseStatus == 500)
            #expect(event.responseHeaders[.contentType] == "text/plain")
            #expect(event.timeout == .seconds(30) && event.retriesMax == 3)
            #expect(event.retryDelay?.expression == "1000")
            #expect(event.callback == "https://api.example.com/done" && event.callbackHeaders.count == 1)
            #expect(event.failureCallback == "https://api.example.com/failed" && event.failureCallbackHeaders.isEmpty)
            #expect(event.urlGroup == "my-group")
            #expect(event.endpointName == "billing" && event.queue == "orders" && event.scheduleID == "scd_nightly")
            #expect(event.labels == ["billing", "eu"])
            #expect(
                event.flowControl == FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60))
            )
            #expect(page.elements.last?.state == .created && page.elements.last?.method == nil)
        },
        ExchangeCase("events-last-page") { client in
            let page = try await client.events.page()
            #expect(page.next == nil)
            #expect(
                page.elements.map(\.state) == [
                    .cancelled, .cancelRequested, .failed, .delivered, .retry, .error, .active, .created,
                ]
            )
            #expect(page.elements[4].nextDeliveryAt?.timeIntervalSince1970 == 1_760_000_013.416)
        },
        ExchangeCase("events-as-documented") { client in
            let events = try await client.events.page(matching: EventFilter(states: [.error])).elements
            #expect(events.first?.retryDelay?.expression == "1000")
            let name = try #require(HTTPField.Name("X-A"))
            #expect(events.first?.responseHeaders[values: name] == ["1", "2"])
            #expect(events.last?.time == Sample.to)
        },
        ExchangeCase("events-cancelled") { client in
            let events = try await client.events.page(matching: EventFilter(states: [.cancelled])).elements
            #expect(events.map(\.state) == [.cancelled, .cancelled])
            #expect(events.allSatisfy { $0.state.isFinal })
        },
        ExchangeCase("events-filter") { client async throws in
            let filter = EventFilter(
                messageIDs: ["msg_7Yx2kQ"],
                states: [.inProgress],
                urls: [Sample.hook],
                urlGroups: ["my-group"],
                queues: ["orders"],
                scheduleIDs: ["scd_nightly"],
                labels: ["billing"],
                from: Sample.from,
                to: Sample.to
            )
            #expect(try await client.events.page(matching: filter).elements.count == 1)
        },
        ExchangeCase("events-filter-ids") { client in
            let filter = EventFilter(messageIDs: ["msg_a1", "msg_b2"])
            let events = try await client.events.page(matching: filter).elements
            #expect(events.map(\.messageID) == ["msg_a1", "msg_b2"])
        },
        ExchangeCase("dlq-get-unanswered") { client in
            let letter = try await client.dlq.get("1725323658779-0")
            #expect(letter.id == "1725323658779-0")
            #expect(letter.responseStatus == nil && letter.responseBody.isEmpty && letter.error == nil)
            #expect(letter.message.body == [0xFF, 0x00, 0x01, 0x80])
        },
        ExchangeCase("dlq-list") { client in
            let page = try await client.dlq.page(countMax: 10, after: "1725323658779-0")
            #expect(page.next == "1725323658780-0")
            #expect(page.elements.map(\.id) == ["1725323658779-0", "1725323658780-0"])
            #expect(page.elements.map(\.responseStatus) == [500, 502])
            #expect(page.elements.map(\.responseBody) == [Array("oops".utf8), [0xFF, 0x00, 0x01, 0x80]])
        },
        ExchangeCase("dlq-list-filter") { client async throws in
            let filter = DeadLetterFilter(
                messageID: "msg_7Yx2kQ",
                urls: [Sample.hook],
                urlGroups: ["my-group"],
                queues: ["orders"],
                scheduleIDs: ["scd_nightly"],
                responseStatuses: [500],
                labels: ["billing"],
                callerIPs: ["203.0.113.9"],
                from: Sample.from,
                to: Sample.to
            )
            #expect(try await client.dlq.page(matching: filter) == Page(elements: []))
        },
        ExchangeCase("dlq-delete") { client in
            try await client.dlq.delete("1725323658779-0")
        },
        ExchangeCase("dlq-delete-many") { client async throws in
            #expect(try await client.dlq.delete(["1725323658779-0", "1725323658780-0"]) == 1)
        },
        ExchangeCase("dlq-delete-filter") { client in
            let result = try await client.dlq.delete(matching: Sample.deadLetterFilter, countMax: 50)
            #expect(result == BulkResult(count: 50, next: "1725323658780-0"))
        },
        ExchangeCase("dlq-delete-all") { client async throws in
            #expect(try await client.dlq.deleteAll() == BulkResult(count: 0))
        },
        ExchangeCase("dlq-retry-many") { client in
            let receipts = try await client.dlq.retry(["1725323658779-0", "1725323658780-0"])
            #expect(receipts.map(\.messageID) == ["msg_new1", "msg_new2"])
        },
        ExchangeCase("dlq-retry-filter") { client in
            let result = try await client.dlq.retry(
                matching: Sample.deadLetterFilter,
                countMax: 50,
                after: "1725323658779-0"
            )
            let receipts = [PublishReceipt(messageID: "msg_new")]
            #expect(result == BulkResult(count: 1, receipts: receipts, next: "1725323658780-0"))
        },
        ExchangeCase("dlq-retry-all") { client async throws in
            #expect(try await client.dlq.retryAll() == BulkResult(count: 0))
        },
        ExchangeCase("dlq-retry-overriding") { client in
            let receipt = try await client.dlq.retry(
                "1725323658779-0",
                overriding: PublishOptions(
                    headers: Sample.fields(["X-Tenant": "7"]),
                    delay: .seconds(90),
                    retries: 0,
                    timeout: .seconds(30),
                    labels: ["again"]
                )
            )
            #expect(receipt.messageID == "msg_new")
        },
    ]
}
