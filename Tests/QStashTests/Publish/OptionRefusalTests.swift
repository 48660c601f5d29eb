import Foundation
import HTTPTypes
import QStash
import Testing

/// Options that cannot work are refused before anything is sent, by a typed error that names the option.
@Suite struct OptionRefusalTests {
    struct Wrong: Sendable, CustomTestStringConvertible {
        let option: String
        let options: PublishOptions
        let note: String

        init(_ option: String, _ note: String, _ options: PublishOptions) {
            self.option = option
            self.note = note
            self.options = options
        }

        var testDescription: String { "\(option): \(note)" }
    }

    @Test(arguments: everywhere)
    func publishRefuses(_ wrong: Wrong) async throws {
        let error = try await refusal { try await $0.publish(to: Sample.hook, options: wrong.options) }
        #expect(error.code == .optionInvalid && error.option == wrong.option)
        #expect(error.status == nil)
    }

    @Test(arguments: everywhere.filter { !$0.option.hasPrefix("flowControl") } + onlyOutsideQueues)
    func enqueueRefuses(_ wrong: Wrong) async throws {
        let error = try await refusal { try await $0.enqueue(to: Sample.hook, in: "orders", options: wrong.options) }
        #expect(error.code == .optionInvalid && error.option == wrong.option)
    }

    @Test(arguments: everywhere)
    func batchRefusesNamingTheItem(_ wrong: Wrong) async throws {
        let items = [BatchItem(to: Sample.hook), BatchItem(to: Sample.hook, options: wrong.options)]
        let error = try await refusal { _ = try await $0.batch(items) }
        #expect(error.code == .optionInvalid && error.option == "items[1].\(wrong.option)")
    }

    @Test(arguments: onlyOutsideQueues)
    func batchRefusesForAQueuedItem(_ wrong: Wrong) async throws {
        let items = [BatchItem(to: Sample.hook, in: "orders", options: wrong.options)]
        let error = try await refusal { _ = try await $0.batch(items) }
        #expect(error.option == "items[0].\(wrong.option)")
    }

    @Test(arguments: everywhere + onlyForPublishes)
    func scheduleRefuses(_ wrong: Wrong) async throws {
        let request = ScheduleRequest(cron: "* * * * *", to: Sample.hook, options: wrong.options)
        let error = try await refusal { try await $0.schedules.create(request) }
        #expect(error.code == .optionInvalid && error.option == wrong.option)
    }

    @Test(arguments: onlyOutsideQueues)
    func scheduleThroughAQueueRefuses(_ wrong: Wrong) async throws {
        let request = ScheduleRequest(cron: "* * * * *", to: Sample.hook, queue: "orders", options: wrong.options)
        let error = try await refusal { try await $0.schedules.create(request) }
        #expect(error.code == .optionInvalid && error.option == wrong.option)
    }

    @Test(arguments: everywhere + [Wrong("deduplication", "id", PublishOptions(deduplication: .id("a")))])
    func retryRefuses(_ wrong: Wrong) async throws {
        let error = try await refusal { try await $0.dlq.retry("1-0", overriding: wrong.options) }
        #expect(error.code == .optionInvalid && error.option == wrong.option)
    }

    static let everywhere: [Wrong] =
        [
            Wrong("method", "HEAD", PublishOptions(method: .head)),
            Wrong("delay", "below nothing", PublishOptions(delay: .seconds(-1))),
            Wrong("delay", "half a second", PublishOptions(delay: .milliseconds(1_500))),
            Wrong("retries", "below nothing", PublishOptions(retries: -1)),
            Wrong("timeout", "none", PublishOptions(timeout: .zero)),
            Wrong("timeout", "below a second", PublishOptions(timeout: .milliseconds(10))),
            Wrong("retryDelay", "unknown variable", PublishOptions(retryDelay: "pow(2, attempt)")),
            Wrong("retryDelay", "infinite", PublishOptions(retryDelay: "1 / retried")),
            Wrong("retryDelay", "empty", PublishOptions(retryDelay: "")),
            Wrong("deduplication", "empty", PublishOptions(deduplication: .id(""))),
            Wrong("deduplication", "colon", PublishOptions(deduplication: .id("a:b"))),
            Wrong("deduplication", "line break", PublishOptions(deduplication: .id("a\r\nX: y"))),
            Wrong("labels", "empty", PublishOptions(labels: ["a", ""])),
            Wrong("labels", "comma", PublishOptions(labels: ["a,b"])),
            Wrong("labels", "line break", PublishOptions(labels: ["a\nb"])),
            Wrong("labels", "blank at its end", PublishOptions(labels: ["a "])),
            Wrong("redaction", "nothing", PublishOptions(redaction: Redaction())),
            Wrong("redaction", "no names", PublishOptions(redaction: Redaction(headers: .named([])))),
            Wrong("redaction", "no name", PublishOptions(redaction: Redaction(headers: .named(["a b"])))),
            Wrong("redaction", "bracket", PublishOptions(redaction: Redaction(headers: .named(["a],body,header[b"])))),
            Wrong("headers", "content type", PublishOptions(headers: [.contentType: "text/plain"])),
            Wrong("headers", "host", PublishOptions(headers: Sample.fields(["HOST": "evil.example.com"]))),
            Wrong("headers", "signature", PublishOptions(headers: Sample.fields(["Upstash-Signature": "x"]))),
            Wrong("headers", "ours", PublishOptions(headers: Sample.fields(["Postrider-Max-Retries": "1"]))),
        ] + flowControl + callbacks("callback") { PublishOptions(callback: $0) }
        + callbacks("failureCallback") { PublishOptions(failureCallback: $0) }

    private static let flowControl: [Wrong] = [
        Wrong("flowControl.key", "empty", PublishOptions(flowControl: FlowControl(key: "", rate: 1))),
        Wrong("flowControl.key", "line break", PublishOptions(flowControl: FlowControl(key: "a\nb", rate: 1))),
        Wrong("flowControl", "no limit", PublishOptions(flowControl: FlowControl(key: "k", period: .seconds(1)))),
        Wrong("flowControl.rate", "none", PublishOptions(flowControl: FlowControl(key: "k", rate: 0))),
        Wrong(
            "flowControl.parallelism",
            "too many",
            PublishOptions(flowControl: FlowControl(key: "k", parallelism: 1 << 40))
        ),
        Wrong(
            "flowControl.period",
            "over a week",
            PublishOptions(flowControl: FlowControl(key: "k", rate: 1, period: .seconds(604_801)))
        ),
        Wrong(
            "flowControl.period",
            "none",
            PublishOptions(flowControl: FlowControl(key: "k", rate: 1, period: .zero))
        ),
    ]

    private static func callbacks(_ name: String, _ options: (Callback) -> PublishOptions) -> [Wrong] {
        let url = "https://api.example.com/done"
        return [
            Wrong("\(name).url", "no scheme", options("api.example.com/done")),
            Wrong("\(name).url", "a group", options("my-group")),
            Wrong("\(name).url", "line break", options("https://api.example.com/\r\nX: y")),
            Wrong("\(name).method", "HEAD", options(Callback(url: url, method: .head))),
            Wrong("\(name).retries", "below nothing", options(Callback(url: url, retries: -1))),
            Wrong("\(name).retryDelay", "broken", options(Callback(url: url, retryDelay: "1 +"))),
            Wrong("\(name).timeout", "none", options(Callback(url: url, timeout: .zero))),
            Wrong("\(name).delay", "below nothing", options(Callback(url: url, delay: .seconds(-1)))),
            Wrong("\(name).headers", "content type", options(Callback(url: url, headers: [.contentType: "a/b"]))),
        ]
    }

    static let onlyOutsideQueues: [Wrong] = [
        Wrong("delay", "queue", PublishOptions(delay: .seconds(1))),
        Wrong("notBefore", "queue", PublishOptions(notBefore: Sample.to)),
        Wrong("flowControl", "queue", PublishOptions(flowControl: FlowControl(key: "k", rate: 1))),
        Wrong("callback.delay", "queue", PublishOptions(callback: Callback(url: Sample.hook, delay: .seconds(1)))),
    ]

    static let onlyForPublishes: [Wrong] = [
        Wrong("notBefore", "schedule", PublishOptions(notBefore: Sample.to)),
        Wrong("deduplication", "schedule", PublishOptions(deduplication: .contentBased)),
    ]

    @Test func momentBefore1970IsRefused() async throws {
        for seconds in [-1.0, 1e300, .infinity] {
            let options = PublishOptions(notBefore: Date(timeIntervalSince1970: seconds))
            let error = try await refusal { try await $0.publish(to: Sample.hook, options: options) }
            #expect(error.option == "notBefore")
        }
    }

    @Test func namesOfQueuesAndGroupsAreChecked() async throws {
        for name in ["a/b", "a b", "..", ".", "ä"] {
            let queue = try await refusal { try await $0.enqueue(to: Sample.hook, in: QueueName(name)) }
            #expect(queue.code == .optionInvalid && queue.option == "queue")
            let group = try await refusal { try await $0.publish(toGroup: URLGroupName(name)) }
            #expect(group.code == .optionInvalid && group.option == "group")
        }
        let error = try await refusal { try await $0.enqueue(toGroup: "", in: "orders") }
        #expect(error.code == .identifierEmpty && error.option == "group")
    }

    @Test func contentTypeThatCannotTravelIsRefused() async throws {
        let error = try await refusal { try await $0.publish(.text("x", contentType: "a/b\r\nX: y"), to: Sample.hook) }
        #expect(error.code == .optionInvalid && error.option == "body.contentType")
    }

    @Test func refusalNeverRepeatsTheValue() async throws {
        let error = try await refusal {
            try await $0.publish(to: "https://secret.example.com/#x", options: PublishOptions(retries: 1))
        }
        #expect(!error.description.contains("secret") && !error.debugDescription.contains("secret"))
    }
}
