import Foundation
import QStash
import Testing

/// Queues, schedules, groups, flow control and keys in answers that are wrong.
@Suite struct ManageDecodingTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let json: String
        let place: String
        let call: @Sendable (QStashClient) async throws -> Void

        init(_ json: String, _ place: String, _ call: @escaping @Sendable (QStashClient) async throws -> Void) {
            self.json = json
            self.place = place
            self.call = call
        }

        var testDescription: String { json }
    }

    @Test(arguments: wrong)
    func answerIsRefusedWithItsPlace(_ wrong: Wrong) async throws {
        let client = try QStashClient.over(ScriptedTransport(.text(wrong.json)))
        let error = try await ExchangeCase.error { try await wrong.call(client) }
        #expect(error.code == .answerInvalid && error.detail.hasSuffix("at \(wrong.place)"), "\(error.detail)")
    }

    private static let schedule =
        #""scheduleId":"s","cron":"* * * * *","destination":"u","createdAt":1,"method":"POST","retries":3"#

    static let wrong: [Wrong] = [
        Wrong("{}", "name") { _ = try await $0.queue("q").get() },
        Wrong(#"{"name":"q","createdAt":1,"updatedAt":1,"parallelism":1}"#, "lag") {
            _ = try await $0.queue("q").get()
        },
        Wrong(#"{"name":"q","createdAt":1,"updatedAt":1,"parallelism":1,"lag":-1}"#, "lag") {
            _ = try await $0.queue("q").get()
        },
        Wrong(#"{"name":"q","createdAt":1,"updatedAt":1,"parallelism":1,"lag":0,"paused":"no"}"#, "paused") {
            _ = try await $0.queue("q").get()
        },
        Wrong("{}", "scheduleId") {
            try await $0.schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        },
        Wrong(#"{"scheduleId":""}"#, "scheduleId") {
            try await $0.schedules.create(ScheduleRequest(cron: "* * * * *", to: Sample.hook))
        },
        Wrong(#"{"scheduleId":"s"}"#, "cron") { _ = try await $0.schedules.get("s") },
        Wrong("[{\(schedule)},{}]", "[1].scheduleId") { _ = try await $0.schedules.list() },
        Wrong("{\(schedule),\"isPaused\":1}", "isPaused") { _ = try await $0.schedules.get("s") },
        Wrong("{\(schedule),\"delay\":-1}", "delay") { _ = try await $0.schedules.get("s") },
        Wrong("{\(schedule),\"lastScheduleStates\":{\"m\":7}}", "lastScheduleStates.m") {
            _ = try await $0.schedules.get("s")
        },
        Wrong(#"{"name":"g","createdAt":1,"updatedAt":1,"endpoints":[{"name":"a"}]}"#, "endpoints.[0].url") {
            _ = try await $0.urlGroups.get("g")
        },
        Wrong(#"[{"name":"g","createdAt":1}]"#, "[0].updatedAt") { _ = try await $0.urlGroups.list() },
        Wrong("{}", "flowControlKey") { _ = try await $0.flowControl.get("k") },
        Wrong(#"{"flowControlKey":"k","rateMax":"x"}"#, "rateMax") { _ = try await $0.flowControl.get("k") },
        Wrong(#"{"flowControlKey":"k","ratePeriodStart":1e20}"#, "ratePeriodStart") {
            _ = try await $0.flowControl.get("k")
        },
        Wrong(#"{"parallelismMax":[]}"#, "parallelismMax") { _ = try await $0.flowControl.globalParallelism() },
        Wrong(#"{"current":"a"}"#, "next") { _ = try await $0.signingKeys.get() },
        Wrong(#"{"current":"","next":"b"}"#, "current") { _ = try await $0.signingKeys.rotate() },
    ]

    @Test func stateOfAScheduleThatIsNotKnownKeepsItsName() throws {
        let json = "{\(Self.schedule),\"lastScheduleStates\":{\"m\":\"PAUSED_BY_OWNER\"}}"
        let schedule = try JSONDecoder().decode(Schedule.self, from: Data(json.utf8))
        #expect(schedule.lastScheduleStates["m"]?.rawValue == "PAUSED_BY_OWNER")
        #expect(!schedule.isPaused && schedule.labels.isEmpty && schedule.flowControl == nil)
        #expect("\(schedule)" == "Schedule(s, * * * * *)")
    }

    @Test func whatGlobalParallelismLeavesOutIsZero() async throws {
        let global = try await QStashClient.over(ScriptedTransport(.text("{}"))).flowControl.globalParallelism()
        #expect(global.max == 0 && global.count == 0)
    }

    @Test func groupWithoutEndpointsHasNone() async throws {
        let transport = ScriptedTransport(.text(#"{"name":"g","createdAt":1,"updatedAt":1,"endpoints":null}"#))
        #expect(try await QStashClient.over(transport).urlGroups.get("g").endpoints.isEmpty)
    }

    @Test func keysAreInNothingThatPrints() {
        let keys = SigningKeyPair(current: "sig_secret1", next: "sig_secret2")
        var text = ""
        dump([keys], to: &text)
        for shown in [text, "\(keys)", String(reflecting: keys), "\([keys])", "\(Optional(keys) as Any)"] {
            #expect(!shown.contains("sig_"), "\(shown)")
        }
    }
}
