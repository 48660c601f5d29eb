import PostriderTestKit
import QStash
import Testing
import Tour

/// Limits travel with messages and can be set for a key.
@Suite struct FlowControlTests {
    private static let status = ScriptedServer.Answer.json(
        """
        {"flowControlKey":"tenant-7","waitListSize":5,"parallelismMax":5,"parallelismCount":3,"rateMax":10,"rateCount":4,\
        "ratePeriod":60,"ratePeriodStart":1760000000,"isPaused":true,"isPinnedParallelism":false,"isPinnedRate":false}
        """
    )

    @Test func aMessageBringsTheLimitsOfItsKey() async throws {
        let broker = TestBroker()
        try await FlowControlTour.limit(broker.client)
        try await broker.settle()
        let delivery = try #require(broker.deliveries.first)
        let limits = try await broker.client.messages.get(delivery.messageID).flowControl
        #expect(limits == FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60)))
    }

    @Test func waitingMessagesAreCountedOverKeys() async throws {
        let server = ScriptedServer(
            .json(#"[{"flowControlKey":"tenant-7","waitListSize":5},{"flowControlKey":"tenant-8","waitListSize":2}]"#)
        )
        #expect(try await FlowControlTour.backlog(try server.client()) == 7)
        #expect(server.calls == ["GET /v2/flowControl?search=tenant-"])
    }

    @Test func aKeyIsPausedAndResumed() async throws {
        let server = ScriptedServer(.ok, Self.status, .ok)
        let status = try await FlowControlTour.pause(try server.client())
        #expect(status.isPaused)
        #expect(status.waitListSize == 5)
        #expect(status.ratePeriod == .seconds(60))
        #expect(
            server.calls == [
                "POST /v2/flowControl/tenant-7/pause", "GET /v2/flowControl/tenant-7",
                "POST /v2/flowControl/tenant-7/resume",
            ]
        )
    }

    @Test func limitsArePinnedAndUnpinned() async throws {
        let server = ScriptedServer(.ok, .ok, .ok)
        try await FlowControlTour.pin(try server.client())
        #expect(
            server.calls == [
                "POST /v2/flowControl/tenant-7/pin?rate=1&period=60", "POST /v2/flowControl/tenant-7/resetRate",
                "POST /v2/flowControl/tenant-7/unpin?parallelism=true&rate=true",
            ]
        )
    }

    @Test func theRoomOfTheAccountIsWhatIsNotUnderWay() async throws {
        let server = ScriptedServer(.json(#"{"parallelismMax":500,"parallelismCount":42}"#))
        #expect(try await FlowControlTour.room(try server.client()) == 458)
        #expect(server.calls == ["GET /v2/globalParallelism"])
    }
}
