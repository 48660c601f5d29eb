import HTTPTypes
import QStash
import Testing

/// Calls that cannot work are refused before anything is sent, naming the option.
@Suite struct ManageRefusalTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let option: String
        let code: QStashError.Code
        let call: @Sendable (QStashClient) async throws -> Void

        init(
            _ option: String,
            _ code: QStashError.Code,
            _ call: @escaping @Sendable (QStashClient) async throws -> Void
        ) {
            self.option = option
            self.code = code
            self.call = call
        }

        var testDescription: String { "\(option): \(code)" }
    }

    @Test(arguments: queues + schedules + groups + flowControl)
    func callIsRefused(_ wrong: Wrong) async throws {
        let error = try await refusal(wrong.call)
        #expect(error.code == wrong.code && error.option == wrong.option)
    }

    private static let queues: [Wrong] = [
        Wrong("queue", .identifierEmpty) { _ = try await $0.queue("").get() },
        Wrong("queue", .identifierEmpty) { try await $0.queue("").delete() },
        Wrong("queue", .identifierEmpty) { try await $0.queue("").pause() },
        Wrong("queue", .identifierEmpty) { try await $0.queue("").resume() },
        Wrong("queue", .identifierEmpty) { try await $0.queue("").upsert() },
        Wrong("queue", .identifierEmpty) { try await $0.queue("").enqueue(to: Sample.hook) },
        Wrong("queue", .optionInvalid) { try await $0.queue("a/b").delete() },
        Wrong("queue", .optionInvalid) { try await $0.queue("..").delete() },
        Wrong("parallelism", .optionInvalid) { try await $0.queue("q").upsert(parallelism: 0) },
        Wrong("parallelism", .optionInvalid) { try await $0.queue("q").upsert(parallelism: 1 << 40) },
    ]

    private static let schedules: [Wrong] = [
        Wrong("scheduleID", .identifierEmpty) { _ = try await $0.schedules.get("") },
        Wrong("scheduleID", .identifierEmpty) { try await $0.schedules.delete("") },
        Wrong("scheduleID", .identifierEmpty) { try await $0.schedules.pause("") },
        Wrong("scheduleID", .identifierEmpty) { try await $0.schedules.resume("") },
        Wrong("scheduleID", .optionInvalid) { try await $0.schedules.delete("..") },
        create("cron", ScheduleRequest(cron: "", to: Sample.hook)),
        create("cron", ScheduleRequest(cron: " \t ", to: Sample.hook)),
        create("cron", ScheduleRequest(cron: "* * * * *\r\nX: y", to: Sample.hook)),
        create("cron", ScheduleRequest(cron: "* * * * ü", to: Sample.hook)),
        create("cron", ScheduleRequest(cron: String(repeating: "*", count: 257), to: Sample.hook)),
        create("url", ScheduleRequest(cron: "* * * * *", to: "my-group")),
        create("group", ScheduleRequest(cron: "* * * * *", toGroup: "https://api.example.com")),
        create("group", ScheduleRequest(cron: "* * * * *", toGroup: ""), .identifierEmpty),
        create("id", ScheduleRequest(cron: "* * * * *", to: Sample.hook, id: ""), .identifierEmpty),
        create("id", ScheduleRequest(cron: "* * * * *", to: Sample.hook, id: "a b")),
        create("queue", ScheduleRequest(cron: "* * * * *", to: Sample.hook, queue: ""), .identifierEmpty),
        create("queue", ScheduleRequest(cron: "* * * * *", to: Sample.hook, queue: "a/b")),
    ]

    private static func create(
        _ option: String,
        _ request: ScheduleRequest,
        _ code: QStashError.Code = .optionInvalid
    ) -> Wrong {
        Wrong(option, code) { try await $0.schedules.create(request) }
    }

    private static let groups: [Wrong] = [
        Wrong("group", .identifierEmpty) { _ = try await $0.urlGroups.get("") },
        Wrong("group", .identifierEmpty) { try await $0.urlGroups.delete("") },
        Wrong("group", .optionInvalid) { try await $0.urlGroups.delete("a/endpoints") },
        Wrong("group", .identifierEmpty) { try await $0.urlGroups.setDefaultHeaders([:], of: "") },
        Wrong("group", .identifierEmpty) { try await $0.urlGroups.addEndpoints(["https://a.b"], to: "") },
        Wrong("endpoints", .listEmpty) { try await $0.urlGroups.addEndpoints([], to: "g") },
        Wrong("endpoints", .listEmpty) { try await $0.urlGroups.removeEndpoints([], from: "g") },
        Wrong("endpoints[1].url", .optionInvalid) {
            try await $0.urlGroups.addEndpoints(["https://a.b", "a.b"], to: "g")
        },
        Wrong("endpoints[0].name", .optionInvalid) {
            try await $0.urlGroups.addEndpoints([URLGroup.Endpoint(url: "https://a.b", name: "")], to: "g")
        },
        Wrong("endpoints[0].name", .optionInvalid) { try await $0.urlGroups.removeEndpoints([.named("")], from: "g") },
        Wrong("endpoints[1].url", .optionInvalid) {
            try await $0.urlGroups.removeEndpoints([.named("a"), .url("")], from: "g")
        },
    ]

    private static let flowControl: [Wrong] = [
        Wrong("flowControlKey", .identifierEmpty) { _ = try await $0.flowControl.get("") },
        Wrong("flowControlKey", .identifierEmpty) { try await $0.flowControl.pause("") },
        Wrong("flowControlKey", .identifierEmpty) { try await $0.flowControl.resume("") },
        Wrong("flowControlKey", .identifierEmpty) { try await $0.flowControl.pin("", rate: 1) },
        Wrong("flowControlKey", .identifierEmpty) { try await $0.flowControl.unpin("") },
        Wrong("flowControlKey", .identifierEmpty) { try await $0.flowControl.resetRate("") },
        Wrong("flowControlKey", .optionInvalid) { try await $0.flowControl.pause("..") },
        Wrong("search", .optionInvalid) { _ = try await $0.flowControl.list(search: "") },
        Wrong("rate", .optionInvalid) { try await $0.flowControl.pin("k") },
        Wrong("rate", .optionInvalid) { try await $0.flowControl.pin("k", rate: 0) },
        Wrong("parallelism", .optionInvalid) { try await $0.flowControl.pin("k", parallelism: 0) },
        Wrong("period", .optionInvalid) { try await $0.flowControl.pin("k", parallelism: 1, period: .seconds(1)) },
        Wrong("period", .optionInvalid) { try await $0.flowControl.pin("k", rate: 1, period: .zero) },
        Wrong("period", .optionInvalid) { try await $0.flowControl.pin("k", rate: 1, period: .seconds(604_801)) },
        Wrong("period", .optionInvalid) { try await $0.flowControl.pin("k", rate: 1, period: .milliseconds(1_500)) },
        Wrong("rate", .optionInvalid) { try await $0.flowControl.unpin("k", parallelism: false, rate: false) },
    ]
}
