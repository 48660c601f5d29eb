import QStash
import Testing

/// Listings over their pages: lazy, and with an end.
@Suite struct PagesTests {
    @Test func pagesFollowEachOtherToTheEnd() async throws {
        let transport = ScriptedTransport(page(["a", "b"], "c1"), page([], "c2"), page(["c"], ""))
        let pages = try QStashClient.over(transport).events.all(order: .earliestFirst, pageSize: 2)
        var ids: [String] = []
        for try await event in pages { ids.append(event.messageID.rawValue) }
        #expect(ids == ["a", "b", "c"])
        #expect(
            transport.targets == [
                "GET /v2/events?count=2&order=earliestFirst", "GET /v2/events?cursor=c1&count=2&order=earliestFirst",
                "GET /v2/events?cursor=c2&count=2&order=earliestFirst",
            ]
        )
    }

    @Test func pageIsAskedForWhenItIsNeeded() async throws {
        let transport = ScriptedTransport(page(["a", "b"], "c1"), page(["c"], nil))
        var iterator = try QStashClient.over(transport).events.all().makeAsyncIterator()
        #expect(transport.requests.isEmpty)
        #expect(try await iterator.next()?.messageID == "a")
        #expect(try await iterator.next()?.messageID == "b")
        #expect(transport.requests.count == 1)
        #expect(try await iterator.next()?.messageID == "c")
        #expect(try await iterator.next() == nil)
        #expect(try await iterator.next() == nil)
        #expect(transport.requests.count == 2)
    }

    @Test func eachLoopBeginsAnew() async throws {
        let transport = ScriptedTransport(page(["a"], nil), page(["a"], nil))
        let pages = try QStashClient.over(transport).events.all()
        for _ in 1...2 {
            var count = 0
            for try await _ in pages { count += 1 }
            #expect(count == 1)
        }
        #expect(transport.targets == ["GET /v2/events", "GET /v2/events"])
    }

    /// Each step is where the next page goes on; the walk comes back to one it has been at.
    @Test(arguments: [
        ["c", "c"], ["a", "b", "a", "b", "a", "b", "a", "b"], ["a", "b", "c", "c", "c", "c", "c", "c"],
    ])
    func cursorsThatLeadInACircleEndTheListing(_ cursors: [String]) async throws {
        let transport = ScriptedTransport(cursors.map { page(["m"], $0) })
        let pages = try QStashClient.over(transport).events.all()
        let error = try await ExchangeCase.error { for try await _ in pages {} }
        #expect(error.code == .answerInvalid && transport.requests.count <= cursors.count)
    }

    @Test func errorEndsTheListing() async throws {
        let transport = ScriptedTransport(page(["a"], "c1"), .text("{}", status: 500))
        var iterator = try QStashClient.over(transport).dlq.all(matching: DeadLetterFilter(labels: ["x"]))
            .makeAsyncIterator()
        await #expect(throws: QStashError.self) { try await iterator.next() }
        #expect(try await iterator.next() == nil)
        #expect(transport.requests.count == 1)
    }

    @Test func wrongFilterIsRefusedWhenThePageIsAskedFor() async throws {
        let error = try await refusal { client in
            for try await _ in client.events.all(matching: EventFilter(labels: [])) {}
        }
        #expect(error.code == .listEmpty && error.option == "labels")
    }

    @Test func emptyCursorIsRefused() async throws {
        let events = try await refusal { _ = try await $0.events.page(after: "") }
        #expect(events.code == .identifierEmpty && events.option == "after")
        let letters = try await refusal {
            _ = try await $0.dlq.delete(matching: DeadLetterFilter(labels: ["a"]), after: "")
        }
        #expect(letters.code == .identifierEmpty && letters.option == "after")
    }

    @Test(arguments: [0, -1])
    func countBelowOneIsRefused(_ count: Int) async throws {
        let filter = DeadLetterFilter(labels: ["a"])
        let calls: [(QStashClient) async throws -> Void] = [
            { _ = try await $0.events.page(countMax: count) }, { _ = try await $0.dlq.page(countMax: count) },
            { try await $0.messages.cancel(matching: MessageFilter(labels: ["a"]), countMax: count) },
            { try await $0.dlq.delete(matching: filter, countMax: count) },
            { try await $0.dlq.retry(matching: filter, countMax: count) },
            { try await $0.dlq.retryAll(countMax: count) },
        ]
        for call in calls {
            let error = try await refusal(call)
            #expect(error.code == .optionInvalid && error.option == "countMax")
        }
    }

    private func page(_ ids: [String], _ cursor: String?) -> ScriptedTransport.Step {
        let events = ids.map { #"{"time":1,"messageId":"\#($0)","state":"CREATED","url":"u"}"# }
        let cursor = cursor.map { #","cursor":"\#($0)""# } ?? ""
        return .text(#"{"events":[\#(events.joined(separator: ","))]\#(cursor)}"#)
    }
}
