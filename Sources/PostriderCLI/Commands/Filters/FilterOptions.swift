package import ArgumentParser
import QStash

/// Conditions on messages that all lists share.
///
/// Of the values of one flag one has to hold, of the flags all.
package struct FilterOptions: ParsableArguments {
    @Option(
        name: .customLong("destination"),
        help: .init("Messages to this URL, as published; may be repeated.", valueName: "url")
    )
    package var destinations: [String] = []

    @Option(name: .customLong("group"), help: .init("Messages to this URL group; may be repeated.", valueName: "name"))
    package var groups: [String] = []

    @Option(name: .customLong("queue"), help: .init("Messages of this queue; may be repeated.", valueName: "name"))
    package var queues: [String] = []

    @Option(name: .customLong("schedule"), help: .init("Messages of this schedule; may be repeated.", valueName: "id"))
    package var schedules: [String] = []

    @Option(name: .customLong("label"), help: "Messages with this label; may be repeated.")
    package var labels: [String] = []

    @Option(
        name: .customLong("flow-key"),
        help: .init("Messages with this flow control key; may be repeated.", valueName: "key")
    )
    package var flowKeys: [String] = []

    @Option(
        name: .customLong("caller-ip"),
        help: .init("Messages published from this address; may be repeated.", valueName: "address")
    )
    package var callerIPs: [String] = []

    @Option(help: .init("From this moment on: 2026-05-01T12:30:00Z, or Unix seconds.", valueName: "moment"))
    package var from: MomentArgument?

    @Option(help: .init("Up to this moment.", valueName: "moment"))
    package var to: MomentArgument?

    /// The defaults.
    package init() {}

    /// A span of time has its beginning first.
    package func validate() throws {
        if let from, let to, from.date > to.date { throw ValidationError("--from lies after --to") }
    }

    /// Whether no condition is given.
    var isEmpty: Bool {
        [destinations, groups, queues, schedules, labels, flowKeys, callerIPs].allSatisfy(\.isEmpty) && from == nil
            && to == nil
    }
}

/// Conditions on the place of a destination, which lists of dead letters do not have.
package struct PlaceOptions: ParsableArguments {
    @Option(name: .customLong("host"), help: "Messages to this host; may be repeated.")
    package var hosts: [String] = []

    @Option(name: .customLong("path"), help: "Messages to this path; may be repeated.")
    package var paths: [String] = []

    /// The defaults.
    package init() {}

    /// Whether no condition is given.
    var isEmpty: Bool { hosts.isEmpty && paths.isEmpty }
}

extension FilterOptions {
    /// The filter of the log.
    func events(messages: [String], states: [EventStateArgument], place: PlaceOptions) -> EventFilter {
        EventFilter(
            messageIDs: messages.conditions { MessageID($0) },
            states: states.conditions(\.state),
            urls: destinations.conditions { $0 },
            hosts: place.hosts.conditions { $0 },
            paths: place.paths.conditions { $0 },
            urlGroups: groups.conditions { URLGroupName($0) },
            queues: queues.conditions { QueueName($0) },
            scheduleIDs: schedules.conditions { ScheduleID($0) },
            labels: labels.conditions { $0 },
            flowControlKeys: flowKeys.conditions { FlowControlKey($0) },
            callerIPs: callerIPs.conditions { $0 },
            from: from?.date,
            to: to?.date
        )
    }

    /// The filter of a cancel.
    func messages(place: PlaceOptions) -> MessageFilter {
        MessageFilter(
            urls: destinations.conditions { $0 },
            hosts: place.hosts.conditions { $0 },
            paths: place.paths.conditions { $0 },
            urlGroups: groups.conditions { URLGroupName($0) },
            queues: queues.conditions { QueueName($0) },
            scheduleIDs: schedules.conditions { ScheduleID($0) },
            labels: labels.conditions { $0 },
            flowControlKeys: flowKeys.conditions { FlowControlKey($0) },
            callerIPs: callerIPs.conditions { $0 },
            from: from?.date,
            to: to?.date
        )
    }

    /// The filter of dead letters.
    func deadLetters(message: String?, statuses: [Int]) -> DeadLetterFilter {
        DeadLetterFilter(
            messageID: message.map { MessageID($0) },
            urls: destinations.conditions { $0 },
            urlGroups: groups.conditions { URLGroupName($0) },
            queues: queues.conditions { QueueName($0) },
            scheduleIDs: schedules.conditions { ScheduleID($0) },
            responseStatuses: statuses.conditions { $0 },
            labels: labels.conditions { $0 },
            flowControlKeys: flowKeys.conditions { FlowControlKey($0) },
            callerIPs: callerIPs.conditions { $0 },
            from: from?.date,
            to: to?.date
        )
    }
}

extension Array {
    /// The values of a condition; nil when the flag was not given.
    fileprivate func conditions<Value>(_ transform: (Element) -> Value) -> [Value]? {
        isEmpty ? nil : map(transform)
    }
}
