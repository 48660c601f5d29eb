import QStash
import Testing
import Tour

/// URL groups, which the wire calls topics.
@Suite struct URLGroupTests {
    private static let group = """
        {"name":"order-watchers","createdAt":1760000000000,"updatedAt":1760000000500,\
        "endpoints":[{"url":"https://stock.example.com/orders"}]}
        """

    @Test func endpointsAreAddedWithOrWithoutAName() async throws {
        let server = ScriptedServer(.ok)
        try await URLGroupTour.add(try server.client())
        #expect(server.calls == ["POST /v2/topics/order-watchers/endpoints"])
        #expect(
            server.bodies == [
                """
                {"endpoints":[{"name":"billing","url":"https://billing.example.com/orders"},\
                {"url":"https://stock.example.com/orders"}]}
                """
            ]
        )
    }

    @Test func aPublishAnswersAReceiptForEachEndpoint() async throws {
        let server = ScriptedServer(
            .json(
                """
                [{"messageId":"msg_1","url":"https://billing.example.com/orders"},\
                {"messageId":"msg_2","url":"https://stock.example.com/orders","deduplicated":true}]
                """
            )
        )
        let receipts = try await URLGroupTour.publish(try server.client())
        #expect(receipts.map(\.messageID) == ["msg_1", "msg_2"])
        #expect(receipts.map(\.isDeduplicated) == [false, true])
        #expect(server.calls == ["POST /v2/publish/order-watchers"])
    }

    @Test func aGroupHasDefaults() async throws {
        let server = ScriptedServer(.ok)
        try await URLGroupTour.defaults(try server.client())
        #expect(server.calls == ["PATCH /v2/topics/order-watchers"])
        #expect(server.bodies == [#"{"headers":{"Upstash-Retries":["5"]}}"#])
    }

    @Test func groupsAreListed() async throws {
        let server = ScriptedServer(.json("[\(Self.group)]"))
        #expect(try await URLGroupTour.list(try server.client()) == ["order-watchers": 1])
        #expect(server.calls == ["GET /v2/topics"])
    }

    @Test func endpointsAndGroupsAreRemoved() async throws {
        let server = ScriptedServer(.ok, .json(Self.group), .ok)
        let left = try await URLGroupTour.remove(try server.client())
        #expect(left == ["https://stock.example.com/orders"])
        #expect(
            server.calls == [
                "DELETE /v2/topics/order-watchers/endpoints", "GET /v2/topics/order-watchers",
                "DELETE /v2/topics/order-watchers",
            ]
        )
        #expect(server.bodies.first == #"{"endpoints":[{"name":"billing"}]}"#)
    }
}
