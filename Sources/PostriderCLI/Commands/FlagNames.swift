import QStash

/// Tells refusals by the names that stand on the command line.
enum FlagNames {
    /// The flags of the client's options.
    private static let flags = [
        "url": "<destination>",
        "group": "--group",
        "queue": "--queue",
        "method": "--method",
        "headers": "--header",
        "delay": "--delay",
        "notBefore": "--not-before",
        "retries": "--retries",
        "retryDelay": "--retry-delay",
        "timeout": "--timeout",
        "deduplication": "--dedup-id",
        "callback.url": "--callback",
        "failureCallback.url": "--failure-callback",
        "flowControl": "--flow-key",
        "flowControl.key": "--flow-key",
        "flowControl.parallelism": "--flow-parallelism",
        "flowControl.rate": "--flow-rate",
        "flowControl.period": "--flow-period",
        "labels": "--label",
        "redaction": "--redact",
        "body.contentType": "--content-type",
        "messageID": "--message",
        "messageIDs": "--message",
        "states": "--state",
        "urls": "--destination",
        "hosts": "--host",
        "paths": "--path",
        "urlGroups": "--group",
        "queues": "--queue",
        "scheduleIDs": "--schedule",
        "flowControlKeys": "--flow-key",
        "callerIPs": "--caller-ip",
        "responseStatuses": "--status",
        "from": "--from",
        "to": "--to",
        "ids": "<id>",
        MessageID.noun: "<id>",
        DeadLetterID.noun: "<id>",
    ]

    /// Does the work; what the client refuses before it sends anything names the flag.
    static func translating<Value>(_ work: () async throws -> Value) async throws -> Value {
        do {
            return try await work()
        } catch let error as QStashError where error.status == nil {
            guard let option = error.option, let flag = flags[option] else { throw error }
            let message =
                error.detail.hasPrefix(option + " ")
                ? flag + error.detail.dropFirst(option.count) : "\(flag): \(error.detail)"
            throw CommandFailure(
                ExitStatus(error.code),
                code: "\(error.code)",
                message,
                advice: "nothing was sent; correct \(flag)"
            )
        }
    }
}
