#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Which entries of the log are listed.
///
/// Of the values of one condition one has to hold, of the conditions all; a condition that is nil always holds. An empty list is refused
/// with code `list_empty`, because it could only match nothing, and the wire would take it for everything. A value has no comma.
public struct EventFilter: Sendable, Hashable {
    /// The messages.
    public var messageIDs: [MessageID]?
    /// What happened; ``Event/State/inProgress`` stands for three states.
    public var states: [Event.State]?
    /// The destinations, as published.
    public var urls: [String]?
    /// The hosts of the destinations.
    public var hosts: [String]?
    /// The paths of the destinations.
    public var paths: [String]?
    /// The URL groups.
    public var urlGroups: [URLGroupName]?
    /// The queues.
    public var queues: [QueueName]?
    /// The schedules.
    public var scheduleIDs: [ScheduleID]?
    /// The labels.
    public var labels: [String]?
    /// The flow control keys.
    public var flowControlKeys: [FlowControlKey]?
    /// The addresses of the publishers.
    public var callerIPs: [String]?
    /// The first moment, inclusive.
    public var from: Date?
    /// The last moment, inclusive.
    public var to: Date?

    /// A filter; without conditions everything matches.
    public init(
        messageIDs: [MessageID]? = nil,
        states: [Event.State]? = nil,
        urls: [String]? = nil,
        hosts: [String]? = nil,
        paths: [String]? = nil,
        urlGroups: [URLGroupName]? = nil,
        queues: [QueueName]? = nil,
        scheduleIDs: [ScheduleID]? = nil,
        labels: [String]? = nil,
        flowControlKeys: [FlowControlKey]? = nil,
        callerIPs: [String]? = nil,
        from: Date? = nil,
        to: Date? = nil
    ) {
        self.messageIDs = messageIDs
        self.states = states
        self.urls = urls
        self.hosts = hosts
        self.paths = paths
        self.urlGroups = urlGroups
        self.queues = queues
        self.scheduleIDs = scheduleIDs
        self.labels = labels
        self.flowControlKeys = flowControlKeys
        self.callerIPs = callerIPs
        self.from = from
        self.to = to
    }

    func write(to query: inout FilterQuery) throws(QStashError) {
        // One id has a parameter of its own, which every server knows together with other conditions.
        try query.add(messageIDs?.count == 1 ? "messageId" : "messageIds", messageIDs, option: "messageIDs")
        try query.add("state", texts: states?.map(\.rawValue), option: "states")
        try query.add("url", texts: urls, option: "urls")
        try query.add("host", texts: hosts, option: "hosts")
        try query.add("path", texts: paths, option: "paths")
        try query.add("topicName", urlGroups, option: "urlGroups")
        try query.add("queueName", queues, option: "queues")
        try query.add("scheduleId", scheduleIDs, option: "scheduleIDs")
        try query.add("label", texts: labels, option: "labels")
        try query.add("flowControlKey", flowControlKeys, option: "flowControlKeys")
        try query.add("callerIp", texts: callerIPs, option: "callerIPs")
        try query.addTimes(from: from, to: to)
    }
}
