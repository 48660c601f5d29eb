import HTTPTypes
import QStash
import Testing

/// What goes out where the recorded exchanges leave a choice.
@Suite struct ManageCallTests {
    @Test func keyIsOneSegmentOfThePath() async throws {
        let transport = ScriptedTransport(.text(""))
        try await QStashClient.over(transport).flowControl.pause("tenant/7?a=%41 ü")
        #expect(transport.targets == ["POST /v2/flowControl/tenant%2F7%3Fa%3D%2541%20%C3%BC/pause"])
    }

    @Test func onlyWhatIsPinnedOrUnpinnedIsSent() async throws {
        let transport = ScriptedTransport(Array(repeating: .text(""), count: 5))
        let keys = try QStashClient.over(transport).flowControl
        try await keys.pin("k", parallelism: 3)
        try await keys.pin("k", rate: 2)
        try await keys.pin("k", rate: 2, period: .seconds(604_800))
        try await keys.unpin("k", rate: false)
        try await keys.unpin("k", parallelism: false)
        #expect(
            transport.targets == [
                "POST /v2/flowControl/k/pin?parallelism=3", "POST /v2/flowControl/k/pin?rate=2",
                "POST /v2/flowControl/k/pin?rate=2&period=604800", "POST /v2/flowControl/k/unpin?parallelism=true",
                "POST /v2/flowControl/k/unpin?rate=true",
            ]
        )
    }

    @Test func listWithoutASearchHasNoParameter() async throws {
        let transport = ScriptedTransport(.text("[]"))
        #expect(try await QStashClient.over(transport).flowControl.list().isEmpty)
        #expect(transport.targets == ["GET /v2/flowControl"])
    }

    @Test func scheduleNamesItsMethodOnlyWhenItHasOne() async throws {
        let answer = ScriptedTransport.Step.text(#"{"scheduleId":"s"}"#)
        let transport = ScriptedTransport(answer, answer)
        let schedules = try QStashClient.over(transport).schedules
        try await schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        let options = PublishOptions(method: .post)
        try await schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook, options: options))
        let name = try #require(HTTPField.Name("Upstash-Method"))
        #expect(transport.requests.map { $0.head.headerFields[name] } == [nil, "POST"])
    }

    @Test func urlOfAScheduleStandsInThePathAsThatOfAPublish() async throws {
        let answer = ScriptedTransport.Step.text(#"{"scheduleId":"s"}"#)
        let transport = ScriptedTransport(answer, answer)
        let schedules = try QStashClient.over(transport).schedules
        for url in ["https://api.example.com//a/pause?x=1", "http://[::1]/a"] {
            try await schedules.create(ScheduleRequest(cron: "@hourly", to: url))
        }
        #expect(
            transport.targets == [
                "POST /v2/schedules/https://api.example.com//a/pause?x=1",
                "POST /v2/schedules/http%3A%2F%2F%5B%3A%3A1%5D%2Fa",
            ]
        )
    }

    @Test func defaultHeadersKeepRepeatedValues() async throws {
        let transport = ScriptedTransport(.text(""), .text(""))
        let groups = try QStashClient.over(transport).urlGroups
        let headers = Sample.fields(["Upstash-Forward-X-A": "1", "upstash-forward-x-a": "2", "Upstash-Retries": "3"])
        try await groups.setDefaultHeaders(headers, of: "g")
        try await groups.setDefaultHeaders(HTTPFields(), of: "g")
        let bodies = try transport.requests.map { try JSONValue(parsing: $0.body) }
        #expect(
            bodies[0]["headers"]
                == .object([
                    "Upstash-Forward-X-A": .array([.string("1"), .string("2")]),
                    "Upstash-Retries": .array([.string("3")]),
                ])
        )
        #expect(bodies[1] == .object(["headers": .object([:])]))
    }

    /// An endpoint that a server took can always be removed, whatever this SDK thinks of its URL.
    @Test func endpointIsRemovedByWhateverURLItHas() async throws {
        let transport = ScriptedTransport(.text(""))
        try await QStashClient.over(transport).urlGroups.removeEndpoints([.url("old://ä \"x\"")], from: "g")
        let body = try JSONValue(parsing: try #require(transport.requests.first).body)
        #expect(body == .object(["endpoints": .array([.object(["url": .string("old://ä \"x\"")])])]))
    }

    /// Section 26 of the wire reference lists the calls whose answers clients do not read.
    @Test(arguments: ["", "OK", "{}", "not JSON {"])
    func answersThatNobodyNeedsAreNotRead(_ answer: String) async throws {
        let transport = ScriptedTransport(Array(repeating: .text(answer), count: 16))
        let client = try QStashClient.over(transport)
        let queue = client.queue("q")
        try await queue.upsert()
        try await queue.delete()
        try await queue.pause()
        try await queue.resume()
        try await client.urlGroups.addEndpoints(["https://a.example.com"], to: "g")
        try await client.urlGroups.removeEndpoints([.named("a")], from: "g")
        try await client.urlGroups.delete("g")
        try await client.schedules.delete("s")
        try await client.schedules.pause("s")
        try await client.schedules.resume("s")
        try await client.flowControl.pause("k")
        try await client.flowControl.resume("k")
        try await client.flowControl.pin("k", rate: 1)
        try await client.flowControl.unpin("k")
        try await client.flowControl.resetRate("k")
        try await client.dlq.delete("1-0")
        #expect(transport.requests.count == 16)
    }
}
