import Foundation
import QStash
import Testing

/// Filters that would match more than they say are refused before anything is sent.
@Suite struct FilterTests {
    @Test(arguments: emptyLists + emptyFilters + identifiers + values)
    func filterIsRefused(_ wrong: WrongCall) async throws {
        let error = try await refusal(wrong.call)
        #expect(error.code == wrong.code && error.option == wrong.option)
    }

    static let emptyLists: [WrongCall] =
        events("messageIDs", EventFilter(messageIDs: []), .listEmpty)
        + events("states", EventFilter(states: []), .listEmpty)
        + all("urls", EventFilter(urls: []), MessageFilter(urls: []), DeadLetterFilter(urls: []))
        + all("hosts", EventFilter(hosts: []), MessageFilter(hosts: []), nil)
        + all("paths", EventFilter(paths: []), MessageFilter(paths: []), nil)
        + all("urlGroups", EventFilter(urlGroups: []), MessageFilter(urlGroups: []), DeadLetterFilter(urlGroups: []))
        + all("queues", EventFilter(queues: []), MessageFilter(queues: []), DeadLetterFilter(queues: []))
        + all(
            "scheduleIDs",
            EventFilter(scheduleIDs: []),
            MessageFilter(scheduleIDs: []),
            DeadLetterFilter(scheduleIDs: [])
        ) + all("labels", EventFilter(labels: []), MessageFilter(labels: []), DeadLetterFilter(labels: []))
        + all(
            "flowControlKeys",
            EventFilter(flowControlKeys: []),
            MessageFilter(flowControlKeys: []),
            DeadLetterFilter(flowControlKeys: [])
        ) + all("callerIPs", EventFilter(callerIPs: []), MessageFilter(callerIPs: []), DeadLetterFilter(callerIPs: []))
        + letters("responseStatuses", DeadLetterFilter(responseStatuses: []), .listEmpty)
        + [
            WrongCall("ids", .listEmpty) { try await $0.messages.cancel([]) },
            WrongCall("ids", .listEmpty) { try await $0.dlq.delete([]) },
            WrongCall("ids", .listEmpty) { try await $0.dlq.retry([]) },
        ]

    static let emptyFilters: [WrongCall] = [
        WrongCall("filter", .filterEmpty) { try await $0.messages.cancel(matching: MessageFilter()) },
        WrongCall("filter", .filterEmpty) { try await $0.messages.cancel(matching: MessageFilter(), countMax: 5) },
        WrongCall("filter", .filterEmpty) { try await $0.dlq.delete(matching: DeadLetterFilter()) },
        WrongCall("filter", .filterEmpty) {
            try await $0.dlq.delete(matching: DeadLetterFilter(), countMax: 5, after: "c")
        },
        WrongCall("filter", .filterEmpty) { try await $0.dlq.retry(matching: DeadLetterFilter()) },
    ]

    /// An empty segment or value means "all" on the wire.
    static let identifiers: [WrongCall] = [
        WrongCall("messageID", .identifierEmpty) { _ = try await $0.messages.get("") },
        WrongCall("messageID", .identifierEmpty) { try await $0.messages.cancel("") },
        WrongCall("messageID", .optionInvalid) { try await $0.messages.cancel("..") },
        WrongCall("ids", .identifierEmpty) { try await $0.messages.cancel(["m", ""]) },
        WrongCall("deadLetterID", .identifierEmpty) { _ = try await $0.dlq.get("") },
        WrongCall("deadLetterID", .identifierEmpty) { try await $0.dlq.delete("") },
        WrongCall("deadLetterID", .optionInvalid) { try await $0.dlq.delete(".") },
        WrongCall("ids", .identifierEmpty) { try await $0.dlq.delete([""]) },
        WrongCall("ids", .identifierEmpty) { try await $0.dlq.retry("") },
        WrongCall("ids", .identifierEmpty) { try await $0.dlq.retry(["1-0", ""]) },
        WrongCall("queues", .identifierEmpty) { try await $0.messages.cancel(matching: MessageFilter(queues: [""])) },
        WrongCall("messageIDs", .identifierEmpty) {
            _ = try await $0.events.page(matching: EventFilter(messageIDs: [""]))
        },
        WrongCall("messageID", .identifierEmpty) { try await $0.dlq.delete(matching: DeadLetterFilter(messageID: "")) },
    ]

    static let values: [WrongCall] =
        letters("responseStatuses", DeadLetterFilter(responseStatuses: [500, 1_000]), .optionInvalid)
        + letters("responseStatuses", DeadLetterFilter(responseStatuses: [-1]), .optionInvalid)
        + [
            WrongCall("labels", .optionInvalid) { try await $0.messages.cancel(matching: MessageFilter(labels: [""])) },
            // It would be read as two values, of which either matches.
            WrongCall("urls", .optionInvalid) {
                try await $0.messages.cancel(matching: MessageFilter(urls: ["https://a.example.com/?x=1,2"]))
            },
            WrongCall("ids", .optionInvalid) { try await $0.dlq.delete(["1-0,2-0"]) },
            WrongCall("from", .optionInvalid) {
                try await $0.messages.cancel(matching: MessageFilter(from: Sample.to, to: Sample.from))
            },
            WrongCall("from", .optionInvalid) {
                try await $0.messages.cancel(matching: MessageFilter(from: Date(timeIntervalSince1970: -1)))
            },
            WrongCall("to", .optionInvalid) { try await $0.messages.cancel(matching: MessageFilter(to: .distantPast)) },
            WrongCall("to", .optionInvalid) {
                try await $0.messages.cancel(matching: MessageFilter(to: Date(timeIntervalSince1970: .infinity)))
            },
        ]

    @Test func timesAreMillisecondsAndValuesAreEncoded() async throws {
        let transport = ScriptedTransport(.text(#"{"cancelled":0}"#))
        let moment = Date(timeIntervalSince1970: 1_760_000_000.123)
        let filter = MessageFilter(paths: ["/a b&c=d"], flowControlKeys: ["ü/+"], from: moment, to: moment)
        try await QStashClient.over(transport).messages.cancel(matching: filter)
        #expect(
            transport.targets == [
                "DELETE /v2/messages?path=%2Fa%20b%26c%3Dd&flowControlKey=%C3%BC%2F%2B"
                    + "&fromDate=1760000000123&toDate=1760000000123"
            ]
        )
    }

    @Test func statusOfNoAnswerCanBeAskedFor() async throws {
        let transport = ScriptedTransport(.text(#"{"messages":[]}"#))
        _ = try await QStashClient.over(transport).dlq.page(matching: DeadLetterFilter(responseStatuses: [0, 999]))
        #expect(transport.targets == ["GET /v2/dlq?responseStatus=0&responseStatus=999"])
    }

    private static func events(_ option: String, _ filter: EventFilter, _ code: QStashError.Code) -> [WrongCall] {
        [WrongCall(option, code) { _ = try await $0.events.page(matching: filter) }]
    }

    private static func letters(_ option: String, _ filter: DeadLetterFilter, _ code: QStashError.Code) -> [WrongCall] {
        [
            WrongCall(option, code) { _ = try await $0.dlq.page(matching: filter) },
            WrongCall(option, code) { try await $0.dlq.delete(matching: filter) },
            WrongCall(option, code) { try await $0.dlq.retry(matching: filter) },
        ]
    }

    private static func all(
        _ option: String,
        _ event: EventFilter,
        _ message: MessageFilter,
        _ letter: DeadLetterFilter?
    ) -> [WrongCall] {
        events(option, event, .listEmpty) + [
            WrongCall(option, .listEmpty) { try await $0.messages.cancel(matching: message) }
        ]
            + (letter.map { letters(option, $0, .listEmpty) } ?? [])
    }
}
