#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Which entries of the dead letter queue are listed, deleted or retried.
///
/// Of the values of one condition one has to hold, of the conditions all; a condition that is nil always holds. An empty list is refused
/// with code `list_empty`, because the wire would take it for everything. A value has no comma. Conditions on host and path do not
/// exist here.
public struct DeadLetterFilter: Sendable, Hashable {
    /// The message.
    public var messageID: MessageID?
    /// The destinations, as published.
    public var urls: [String]?
    /// The URL groups.
    public var urlGroups: [URLGroupName]?
    /// The queues.
    public var queues: [QueueName]?
    /// The schedules.
    public var scheduleIDs: [ScheduleID]?
    /// The statuses that the destinations answered last, 0 for no answer.
    public var responseStatuses: [Int]?
    /// The labels.
    public var labels: [String]?
    /// The flow control keys.
    public var flowControlKeys: [FlowControlKey]?
    /// The addresses of the publishers.
    public var callerIPs: [String]?
    /// The earliest failure, inclusive.
    public var from: Date?
    /// The latest failure, inclusive.
    public var to: Date?

    /// A filter; without conditions everything matches where that is allowed.
    public init(
        messageID: MessageID? = nil,
        urls: [String]? = nil,
        urlGroups: [URLGroupName]? = nil,
        queues: [QueueName]? = nil,
        scheduleIDs: [ScheduleID]? = nil,
        responseStatuses: [Int]? = nil,
        labels: [String]? = nil,
        flowControlKeys: [FlowControlKey]? = nil,
        callerIPs: [String]? = nil,
        from: Date? = nil,
        to: Date? = nil
    ) {
        self.messageID = messageID
        self.urls = urls
        self.urlGroups = urlGroups
        self.queues = queues
        self.scheduleIDs = scheduleIDs
        self.responseStatuses = responseStatuses
        self.labels = labels
        self.flowControlKeys = flowControlKeys
        self.callerIPs = callerIPs
        self.from = from
        self.to = to
    }

    func write(to query: inout FilterQuery) throws(QStashError) {
        try query.add("messageId", messageID.map { [$0] }, option: "messageID")
        try query.add("url", texts: urls, option: "urls")
        try query.add("topicName", urlGroups, option: "urlGroups")
        try query.add("queueName", queues, option: "queues")
        try query.add("scheduleId", scheduleIDs, option: "scheduleIDs")
        try query.add("responseStatus", statuses: responseStatuses, option: "responseStatuses")
        try query.add("label", texts: labels, option: "labels")
        try query.add("flowControlKey", flowControlKeys, option: "flowControlKeys")
        try query.add("callerIp", texts: callerIPs, option: "callerIPs")
        try query.addTimes(from: from, to: to)
    }

    /// The same for a call that changes what matches.
    ///
    /// - Throws: ``QStashError`` with code `filter_empty` when there is no condition.
    func writeForChange(to query: inout FilterQuery, all name: String) throws(QStashError) {
        guard self != DeadLetterFilter() else {
            throw QStashError(.filterEmpty, "the filter has no condition: \(name) is for everything", option: "filter")
        }
        try write(to: &query)
    }
}
