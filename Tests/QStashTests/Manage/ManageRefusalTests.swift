import HTTPTypes
import QStash
import Testing

/// Calls that cannot work are refused before anything is sent, naming the option.
@Suite struct ManageRefusalTests {
    @Test(arguments: queues + schedules + groups + flowControl)
    func callIsRefused(_ wrong: WrongCall) async throws {
        let error = try await refusal(wrong.call)
        #expect(error.code == wrong.code && error.option == wrong.option)
    }

    private static let queues: [WrongCall] = [
        WrongCall("queue", .identifierEmpty) { _ = try await $0.queue("").get() },
        WrongCall("queue", .identifierEmpty) { try await $0.queue("").delete() },
        WrongCall("queue", .identifierEmpty) { try await $0.queue("").pause() },
        WrongCall("queue", .identifierEmpty) { try await $0.queue("").resume() },
        WrongCall("queue", .identifierEmpty) { try await $0.queue("").upsert() },
        WrongCall("queue", .identifierEmpty) { try await $0.queue("").enqueue(to: Sample.hook) },
        WrongCall("queue", .optionInvalid) { try await $0.queue("a/b").delete() },
        WrongCall("queue", .optionInvalid) { try await $0.queue("..").delete() },
        WrongCall("parallelism", .optionInvalid) { try await $0.queue("q").upsert(parallelism: 0) },
        WrongCall("parallelism", .optionInvalid) { try await $0.queue("q").upsert(parallelism: 1 << 40) },
    ]

    private static let schedules: [WrongCall] = [
        WrongCall("scheduleID", .identifierEmpty) { _ = try await $0.schedules.get("") },
        WrongCall("scheduleID", .identifierEmpty) { try await $0.schedules.delete("") },
        WrongCall("scheduleID", .identifierEmpty) { try await $0.schedules.pause("") },
        WrongCall("scheduleID", .identifierEmpty) { try await $0.schedules.resume("") },
        WrongCall("scheduleID", .optionInvalid) { try await $0.schedules.delete("..") },
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
    ) -> WrongCall {
        WrongCall(option, code) { try await $0.schedules.create(request) }
    }

    private static let groups: [WrongCall] = [
        WrongCall("group", .identifierEmpty) { _ = try await $0.urlGroups.get("") },
        WrongCall("group", .identifierEmpty) { try await $0.urlGroups.delete("") },
        WrongCall("group", .optionInvalid) { try await $0.urlGroups.delete("a/endpoints") },
        WrongCall("group", .identifierEmpty) { try await $0.urlGroups.setDefaultHeaders([:], of: "") },
        WrongCall("group", .identifierEmpty) { try await $0.urlGroups.addEndpoints(["https://a.b"], to: "") },
        WrongCall("endpoints", .listEmpty) { try await $0.urlGroups.addEndpoints([], to: "g") },
        WrongCall("endpoints", .listEmpty) { try await $0.urlGroups.removeEndpoints([], from: "g") },
        WrongCall("endpoints[1].url", .optionInvalid) {
            try await $0.urlGroups.addEndpoints(["https://a.b", "a.b"], to: "g")
        },
        WrongCall("endpoints[0].name", .optionInvalid) {
            try await $0.urlGroups.addEndpoints([URLGroup.Endpoint(url: "https://a.b", name: "")], to: "g")
        },
        WrongCall("endpoints[0].name", .optionInvalid) {
            try await $0.urlGroups.removeEndpoints([.named("")], from: "g")
        },
        WrongCall("endpoints[1].url", .optionInvalid) {
            try await $0.urlGroups.removeEndpoints([.named("a"), .url("")], from: "g")
        },
    ]

    private static let flowControl: [WrongCall] = [
        WrongCall("flowControlKey", .identifierEmpty) { _ = try await $0.flowControl.get("") },
        WrongCall("flowControlKey", .identifierEmpty) { try await $0.flowControl.pause("") },
        WrongCall("flowControlKey", .identifierEmpty) { try await $0.flowControl.resume("") },
        WrongCall("flowControlKey", .identifierEmpty) { try await $0.flowControl.pin("", rate: 1) },
        WrongCall("flowControlKey", .identifierEmpty) { try await $0.flowControl.unpin("") },
        WrongCall("flowControlKey", .identifierEmpty) { try await $0.flowControl.resetRate("") },
        WrongCall("flowControlKey", .optionInvalid) { try await $0.flowControl.pause("..") },
        WrongCall("search", .optionInvalid) { _ = try await $0.flowControl.list(search: "") },
        WrongCall("rate", .optionInvalid) { try await $0.flowControl.pin("k") },
        WrongCall("rate", .optionInvalid) { try await $0.flowControl.pin("k", rate: 0) },
        WrongCall("parallelism", .optionInvalid) { try await $0.flowControl.pin("k", parallelism: 0) },
        WrongCall("period", .optionInvalid) { try await $0.flowControl.pin("k", parallelism: 1, period: .seconds(1)) },
        WrongCall("period", .optionInvalid) { try await $0.flowControl.pin("k", rate: 1, period: .zero) },
        WrongCall("period", .optionInvalid) { try await $0.flowControl.pin("k", rate: 1, period: .seconds(604_801)) },
        WrongCall("period", .optionInvalid) {
            try await $0.flowControl.pin("k", rate: 1, period: .milliseconds(1_500))
        },
        WrongCall("rate", .optionInvalid) { try await $0.flowControl.unpin("k", parallelism: false, rate: false) },
    ]
}
