import HTTPTypes
import QStash
import Testing

/// Batches: one result an item, and refusals that name the item (wire reference, section 4.4).
@Suite struct BatchTests {
    private static let items = [BatchItem(to: Sample.hook), BatchItem(toGroup: "my-group")]

    @Test func itemsSucceedAndFailEachOnItsOwn() async throws {
        let answer = #"[{"error":"no","code":"destination_forbidden"},[{"messageId":"a"},{"messageId":"b"}]]"#
        let results = try await QStashClient.over(ScriptedTransport(.text(answer))).batch(Self.items)
        try #require(results.count == 2)
        let refusal = try #require(throws: QStashError.self) { try results[0].get() }
        #expect(refusal.serverCode == "destination_forbidden" && refusal.serverMessage == "no")
        #expect(try results[1].get().map(\.messageID) == ["a", "b"])
    }

    @Test func oneResultWithoutAnArrayIsTakenForOne() async throws {
        let transport = ScriptedTransport(.text(#"{"messageId":"a"}"#))
        let results = try await QStashClient.over(transport).batch([BatchItem(to: Sample.hook)])
        #expect(try results.map { try $0.get().map(\.messageID) } == [["a"]])
    }

    @Test(arguments: ["[]", #"[{"messageId":"a"}]"#, #"[{"messageId":"a"},{"messageId":"b"},{"messageId":"c"}]"#])
    func anotherNumberOfResultsThanItemsIsNoAnswer(_ answer: String) async throws {
        let client = try QStashClient.over(ScriptedTransport(.text(answer)))
        let error = try await ExchangeCase.error { _ = try await client.batch(Self.items) }
        #expect(error.code == .answerInvalid)
    }

    @Test(arguments: [
        #"{"messageId":7}"#, #"[{"messageId":"b"},{}]"#, "{}", "null", "7", #"{"messageId":""}"#,
        #"[{"messageId":"b"},{"error":"no"}]"#,
    ])
    func resultThatIsNoneFailsItsItemAlone(_ result: String) async throws {
        let client = try QStashClient.over(ScriptedTransport(.text(#"[{"messageId":"a"},\#(result)]"#)))
        let results = try await client.batch(Self.items)
        #expect(try results[0].get().map(\.messageID) == ["a"])
        let refusal = try #require(throws: QStashError.self) { try results[1].get() }
        #expect(refusal.code == .answerInvalid)
    }

    @Test(
        arguments: [
            (#"{"error":"no"}"#, QStashError.Code.badRequest, nil), (#"{"error":{}}"#, .badRequest, nil),
            (#"{"error":"full","code":"store_full"}"#, .overloaded, "store_full"),
            (#"{"error":"?","code":"store_uncertain"}"#, .overloaded, "store_uncertain"),
            (#"{"error":"later","code":"overloaded"}"#, .overloaded, "overloaded"),
            (#"{"error":"gone","status":404}"#, .notFound, nil),
            (#"{"error":"x","code":"a\nlevel=error","status":1e99}"#, .badRequest, nil),
        ] as [(String, QStashError.Code, String?)]
    )
    func refusalOfAnItemTellsWhatKindItIs(result: String, code: QStashError.Code, serverCode: String?) async throws {
        let client = try QStashClient.over(ScriptedTransport(.text(#"[{"messageId":"a"},\#(result)]"#)))
        let results = try await client.batch(Self.items)
        let refusal = try #require(throws: QStashError.self) { try results[1].get() }
        #expect(refusal.code == code && refusal.serverCode == serverCode)
    }

    @Test func noItemsAreRefused() async throws {
        let error = try await refusal { _ = try await $0.batch([]) }
        #expect(error.code == .listEmpty && error.option == "items")
    }

    @Test func bodyOutsideUTF8IsRefused() async throws {
        let items = [BatchItem(to: Sample.hook), BatchItem(.bytes([0xFF, 0xFE]), to: Sample.hook)]
        let error = try await refusal { _ = try await $0.batch(items) }
        #expect(error.code == .optionInvalid && error.option == "items[1].body")
    }

    @Test(arguments: ["", "\u{0}", "\"\\\n\r\t", "ü😀", "\u{2028}"])
    func bodyArrivesAsItIs(_ text: String) async throws {
        let sent = try await sentItem(BatchItem(.text(text), to: Sample.hook))
        #expect(sent["body"] == (text.isEmpty ? nil : .string(text)))
    }

    @Test func valuesOfARepeatedHeaderTravelInOne() async throws {
        let headers = Sample.fields(["X-A": "1", "X-B": "2", "x-a": "3"])
        let sent = try await sentItem(BatchItem(to: Sample.hook, options: PublishOptions(headers: headers)))
        #expect(sent["headers"]?["Upstash-Forward-X-A"] == .string("1, 3"))
        #expect(sent["headers"]?["Upstash-Forward-X-B"] == .string("2"))
    }

    @Test func headersOfTheClientGoWithEveryItemAndNotWithTheBatch() async throws {
        let transport = ScriptedTransport(.text(#"[{"messageId":"a"},[{"messageId":"b"}]]"#))
        let client = try QStashClient.over(transport, headers: Sample.fields(["X-Tenant": "7"]))
        _ = try await client.batch(Self.items)
        let request = try #require(transport.requests.first)
        let name = try #require(HTTPField.Name("Upstash-Forward-X-Tenant"))
        #expect(request.head.headerFields[name] == nil)
        guard case .array(let items) = try JSONValue(parsing: request.body) else {
            Issue.record("no array")
            return
        }
        #expect(items.map { $0["headers"]?["Upstash-Forward-X-Tenant"] } == [.string("7"), .string("7")])
    }

    private func sentItem(_ item: BatchItem) async throws -> JSONValue {
        let transport = ScriptedTransport(.text(#"[{"messageId":"a"}]"#))
        _ = try await QStashClient.over(transport).batch([item])
        guard case .array(let items) = try JSONValue(parsing: try #require(transport.requests.first).body) else {
            throw QStashError(.answerInvalid, "no array")
        }
        return try #require(items.first)
    }
}
