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
        "deadLetterID": "<id>",
    ]

    /// The flags of a filter's parameters, by their names on the wire.
    private static let parameterFlags = [
        "messageId": "--message", "state": "--state", "url": "--destination", "host": "--host", "path": "--path",
        "topicName": "--group", "queueName": "--queue", "scheduleId": "--schedule", "label": "--label",
        "flowControlKey": "--flow-key", "callerIp": "--caller-ip", "responseStatus": "--status", "fromDate": "--from",
        "toDate": "--to",
    ]

    /// Does the work; what is refused names the flag, as far as the error says which option or parameter it is about.
    ///
    /// - Parameter isMessageArgument: Whether a message's id is the command's argument rather than `--message`.
    static func translating<Value>(
        isMessageArgument: Bool = false,
        _ work: () async throws -> Value
    ) async throws -> Value {
        do {
            return try await work()
        } catch let error as PartialFailure {
            throw PartialFailure(
                error: translated(error.error, isMessageArgument: isMessageArgument),
                done: error.done,
                total: error.total,
                verb: error.verb
            )
        } catch {
            throw translated(error, isMessageArgument: isMessageArgument)
        }
    }

    private static func translated(_ error: any Error, isMessageArgument: Bool) -> any Error {
        guard let error = error as? QStashError else { return error }
        if error.serverCode == "filter_not_supported_yet" {
            let words = (error.serverMessage ?? "").split(whereSeparator: { !$0.isLetter }).map(String.init)
            let flag = words.lazy.compactMap { parameterFlags[$0] }.first ?? "the condition that it names"
            return CommandFailure(
                ExitStatus(error.code),
                code: "filter_not_supported_yet",
                error.detail,
                advice: "nothing was done; leave \(flag) out: this server does not serve it yet"
            )
        }
        guard error.status == nil, let option = error.option,
            let flag = isMessageArgument && option == "messageID" ? "<id>" : flags[option]
        else { return error }
        let message =
            error.detail.hasPrefix(option + " ")
            ? flag + error.detail.dropFirst(option.count) : "\(flag): \(error.detail)"
        return CommandFailure(
            ExitStatus(error.code),
            code: "\(error.code)",
            message,
            advice: "nothing was sent; correct \(flag)"
        )
    }
}
