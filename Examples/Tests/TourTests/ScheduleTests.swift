import Foundation
import QStash
import Testing
import Tour

/// Schedules, as the wire has them.
@Suite struct ScheduleTests {
    private static func schedule(_ id: String, state: String) -> String {
        """
        {"scheduleId":"\(id)","cron":"CRON_TZ=Europe/Berlin 0 4 * * *","destination":"https://api.example.com/nightly",\
        "createdAt":1760000000000,"method":"POST","header":{"Content-Type":["application/json"]},\
        "body":"{\\"full\\":true}","retries":5,"isPaused":true,"lastScheduleTime":1760000000000,\
        "nextScheduleTime":1760086400000,"lastScheduleStates":{"msg_1":"\(state)"}}
        """
    }

    @Test func aScheduleIsMadeUnderItsOwnID() async throws {
        let server = ScriptedServer(.json(#"{"scheduleId":"nightly"}"#))
        #expect(try await ScheduleTour.nightly(try server.client()) == "nightly")
        #expect(server.calls == ["POST /v2/schedules/https://api.example.com/nightly"])
        #expect(server.bodies == [#"{"full":true}"#])
        #expect(server.values(of: "Upstash-Cron") == ["CRON_TZ=Europe/Berlin 0 4 * * *"])
        #expect(server.values(of: "Upstash-Schedule-Id") == ["nightly"])
        #expect(server.values(of: "Upstash-Retries") == ["5"])
        #expect(server.values(of: "Upstash-Label") == ["nightly"])
    }

    @Test func aScheduleFiresIntoAQueue() async throws {
        let server = ScriptedServer(.json(#"{"scheduleId":"scd_1"}"#))
        #expect(try await ScheduleTour.through(try server.client()) == "scd_1")
        #expect(server.calls == ["POST /v2/schedules/order-watchers"])
        #expect(server.values(of: "Upstash-Queue-Name") == ["invoices"])
    }

    @Test func aScheduleIsPausedAndResumed() async throws {
        let server = ScriptedServer(.ok, .json(Self.schedule("nightly", state: "SUCCESS")), .ok)
        let schedule = try await ScheduleTour.pause(try server.client())
        #expect(schedule.isPaused)
        #expect(schedule.nextScheduledAt == Date(timeIntervalSince1970: 1_760_086_400))
        #expect(schedule.lastScheduleStates == ["msg_1": .success])
        #expect(
            server.calls == [
                "PATCH /v2/schedules/nightly/pause", "GET /v2/schedules/nightly", "PATCH /v2/schedules/nightly/resume",
            ]
        )
    }

    @Test func failingSchedulesAreFound() async throws {
        let schedules = [Self.schedule("nightly", state: "FAIL"), Self.schedule("hourly", state: "SUCCESS")]
        let server = ScriptedServer(.json("[\(schedules.joined(separator: ","))]"))
        #expect(try await ScheduleTour.failing(try server.client()) == ["nightly"])
        #expect(server.calls == ["GET /v2/schedules"])
    }

    @Test func aScheduleIsDeleted() async throws {
        let server = ScriptedServer(.ok)
        try await ScheduleTour.delete(try server.client())
        #expect(server.calls == ["DELETE /v2/schedules/nightly"])
    }
}
