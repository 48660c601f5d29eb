import HTTPTypes

/// A schedule that is to be made: a message that is published again and again.
///
/// ```swift
/// let id = try await client.schedules.create(
///     ScheduleRequest(
///         cron: "CRON_TZ=Europe/Berlin 0 4 * * *",
///         to: "https://api.example.com/nightly",
///         id: "nightly",
///         body: .json(["full": true])
///     )
/// )
/// ```
public struct ScheduleRequest: Sendable, Hashable {
    private static let cronBytesMax = 256

    /// When messages are published: five fields, in UTC unless `CRON_TZ=<zone>` stands in front.
    ///
    /// The server reads it; here it is only not empty, ASCII, and 256 bytes at most.
    public var cron: String

    /// Where messages go.
    public var destination: BatchItem.Destination

    /// The schedule's id, of letters, digits, `.`, `_` and `-`; nil for one of the server's.
    ///
    /// A schedule that has it is replaced as a whole.
    public var id: ScheduleID?

    /// The queue that messages go through; nil for none.
    public var queue: QueueName?

    /// What each message carries.
    public var body: MessageBody

    /// How each message is delivered; its delay counts from the moment of the schedule.
    ///
    /// `notBefore` and `deduplication` do not exist for schedules, and with a queue neither do `delay` and `flowControl`.
    public var options: PublishOptions

    /// A schedule of messages to a URL.
    public init(
        cron: String,
        to url: String,
        id: ScheduleID? = nil,
        queue: QueueName? = nil,
        body: MessageBody = .empty,
        options: PublishOptions = PublishOptions()
    ) {
        self.init(cron: cron, destination: .url(url), id: id, queue: queue, body: body, options: options)
    }

    /// A schedule of messages to every endpoint of a URL group.
    public init(
        cron: String,
        toGroup group: URLGroupName,
        id: ScheduleID? = nil,
        queue: QueueName? = nil,
        body: MessageBody = .empty,
        options: PublishOptions = PublishOptions()
    ) {
        self.init(cron: cron, destination: .urlGroup(group), id: id, queue: queue, body: body, options: options)
    }

    private init(
        cron: String,
        destination: BatchItem.Destination,
        id: ScheduleID?,
        queue: QueueName?,
        body: MessageBody,
        options: PublishOptions
    ) {
        self.cron = cron
        self.destination = destination
        self.id = id
        self.queue = queue
        self.body = body
        self.options = options
    }

    /// The call that makes the schedule.
    ///
    /// - Throws: ``QStashError`` naming the option that is wrong.
    func call(for client: QStashClient) throws(QStashError) -> APICall {
        let destination =
            switch destination {
            case .url(let url): try DestinationText.pathPart(url: url, option: "url")
            case .urlGroup(let group): try DestinationText.pathPart(group: group, option: "group")
            }
        var body = body
        // As the JavaScript client has it.
        if body.contentType == nil { body.contentType = "application/json" }
        var fields = try client.fields(
            body: body,
            options: options,
            for: queue == nil ? .schedule : .queuedSchedule
        )
        fields[.upstashCron] = try checkedCron()
        if let id { fields[.upstashScheduleID] = try id.checkedName(option: "id") }
        if let queue { fields[.upstashQueueName] = try queue.checkedName(option: "queue") }
        if client.configuration.sendsTelemetry { TelemetryFields.add(to: &fields) }
        return APICall(
            .post,
            "/v2/schedules/\(destination)",
            fields: fields,
            body: body.bytes,
            // With an id the second replaces the first by the same; without one there would be two.
            repetition: id == nil ? .never : .harmless
        )
    }

    private func checkedCron() throws(QStashError) -> String {
        let isBlank = { (character: Character) in character == " " || character == "\t" }
        let trimmed = String(cron.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
        guard !trimmed.isEmpty else { throw QStashError(.optionInvalid, "the cron text is empty", option: "cron") }
        guard trimmed.utf8.count <= Self.cronBytesMax, trimmed.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw QStashError(
                .optionInvalid,
                "a cron text has printable ASCII characters only, \(Self.cronBytesMax) at most",
                option: "cron"
            )
        }
        return trimmed
    }
}

extension ScheduleRequest: CustomStringConvertible, CustomReflectable {
    /// Cron, body and options as they describe themselves: without URL, values and bytes.
    public var description: String { "ScheduleRequest(\(cron), \(body), \(options))" }

    /// The cron alone.
    public var customMirror: Mirror { Mirror(self, children: ["cron": cron]) }
}
