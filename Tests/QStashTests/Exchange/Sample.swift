import Foundation
import HTTPTypes
import QStash

/// The values that the recorded exchanges are made with.
enum Sample {
    static let hook = "https://api.example.com/hook"
    static let from = Date(timeIntervalSince1970: 1_759_900_000)
    static let to = Date(timeIntervalSince1970: 1_760_000_000)
    static let chat: JSONValue = .object([
        "model": .string("m"),
        "messages": .array([.object(["role": .string("user"), "content": .string("hi")])]),
    ])

    /// JSON `{"n": <number>}`.
    static func n(_ number: Int = 1) throws -> MessageBody { try .json(["n": number]) }

    static func fields(_ values: KeyValuePairs<String, String>) -> HTTPFields {
        var fields = HTTPFields()
        for (name, value) in values {
            if let name = HTTPField.Name(name) { fields.append(HTTPField(name: name, value: value)) }
        }
        return fields
    }

    static func callback(delay: Duration? = nil) -> Callback {
        Callback(
            url: "https://api.example.com/done",
            method: .patch,
            headers: fields(["X-Team": "ops"]),
            retries: 1,
            retryDelay: "pow(2, retried) * 1000",
            timeout: .seconds(10),
            delay: delay
        )
    }

    static func failureCallback(delay: Duration? = nil) -> Callback {
        Callback(
            url: "https://api.example.com/failed",
            method: .put,
            headers: fields(["X-Team": "night"]),
            retries: 5,
            retryDelay: .constant(.seconds(5)),
            timeout: .seconds(20),
            delay: delay
        )
    }

    /// Every option that a queue allows.
    static var queuedOptions: PublishOptions {
        PublishOptions(
            method: .put,
            headers: fields(["X-Tenant": "7", "Authorization": "Bearer destination"]),
            retries: 2,
            retryDelay: "1000 * (1 + retried)",
            timeout: .seconds(30),
            deduplication: .id("order-1"),
            callback: callback(),
            failureCallback: failureCallback(),
            labels: ["billing", "eu"],
            redaction: .everything
        )
    }

    /// Every option but `notBefore`.
    static var options: PublishOptions {
        var options = queuedOptions
        options.delay = .seconds(90)
        options.callback = callback(delay: .seconds(5))
        options.failureCallback = failureCallback(delay: .seconds(60))
        options.flowControl = FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60))
        options.redaction = Redaction(body: true, headers: .named(["Authorization", "X-Tenant"]))
        return options
    }

    /// Every option of an item of a batch.
    static var batchOptions: PublishOptions {
        PublishOptions(
            method: .put,
            headers: fields(["X-Tenant": "7"]),
            delay: .seconds(90),
            retries: 2,
            retryDelay: "1000 * (1 + retried)",
            timeout: .seconds(30),
            deduplication: .id("order-1"),
            callback: Callback(url: "https://api.example.com/done", headers: fields(["X-Team": "ops"]), retries: 1),
            failureCallback: Callback(
                url: "https://api.example.com/failed",
                headers: fields(["X-Team": "night"]),
                retries: 5
            ),
            flowControl: FlowControl(key: "tenant-7", parallelism: 5, rate: 10, period: .seconds(60)),
            labels: ["billing", "eu"],
            redaction: Redaction(body: true, headers: .named(["Authorization"]))
        )
    }

    /// Every option of a schedule.
    static var scheduleOptions: PublishOptions {
        var options = queuedOptions
        options.delay = .seconds(25)
        options.deduplication = nil
        options.flowControl = FlowControl(key: "tenant-7", rate: 10)
        options.redaction = Redaction(headers: .named(["Authorization"]))
        return options
    }

    /// Every condition that messages and events share, and those on host and path.
    static var messageFilter: MessageFilter {
        MessageFilter(
            urls: [hook, "https://two.example.com/b"],
            hosts: ["api.example.com"],
            paths: ["/hook"],
            urlGroups: ["my-group"],
            queues: ["orders"],
            scheduleIDs: ["scd_nightly"],
            labels: ["billing", "eu"],
            flowControlKeys: ["tenant-7"],
            callerIPs: ["203.0.113.9"],
            from: from,
            to: to
        )
    }

    static var eventFilter: EventFilter {
        EventFilter(
            messageIDs: ["msg_7Yx2kQ"],
            states: [.delivered],
            urls: [hook, "https://two.example.com/b"],
            hosts: ["api.example.com"],
            paths: ["/hook"],
            urlGroups: ["my-group"],
            queues: ["orders"],
            scheduleIDs: ["scd_nightly"],
            labels: ["billing", "eu"],
            flowControlKeys: ["tenant-7"],
            callerIPs: ["203.0.113.9"],
            from: from,
            to: to
        )
    }

    static var deadLetterFilter: DeadLetterFilter {
        DeadLetterFilter(
            urls: [hook, "https://two.example.com/b"],
            urlGroups: ["my-group"],
            queues: ["orders"],
            scheduleIDs: ["scd_nightly"],
            responseStatuses: [500, 503],
            labels: ["billing", "eu"],
            flowControlKeys: ["tenant-7"],
            callerIPs: ["203.0.113.9"],
            from: from,
            to: to
        )
    }
}
