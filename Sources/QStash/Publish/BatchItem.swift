/// One message of a batch.
public struct BatchItem: Sendable, Hashable {
    /// Where a message goes.
    public enum Destination: Sendable, Hashable {
        /// To a URL.
        case url(String)
        /// To every endpoint of a group.
        case urlGroup(URLGroupName)
    }

    /// Where the message goes.
    public var destination: Destination

    /// The queue it goes through; nil for none.
    public var queue: QueueName?

    /// What it carries: text in UTF-8, because a batch is JSON.
    public var body: MessageBody

    /// How it is delivered.
    public var options: PublishOptions

    /// Whether it goes to a provider, for whom the client's own headers are not meant.
    var isForProvider = false

    /// A message to a URL.
    public init(
        _ body: MessageBody = .empty,
        to url: String,
        in queue: QueueName? = nil,
        options: PublishOptions = PublishOptions()
    ) {
        self.init(body, destination: .url(url), queue: queue, options: options)
    }

    /// A message to every endpoint of a group.
    public init(
        _ body: MessageBody = .empty,
        toGroup group: URLGroupName,
        in queue: QueueName? = nil,
        options: PublishOptions = PublishOptions()
    ) {
        self.init(body, destination: .urlGroup(group), queue: queue, options: options)
    }

    private init(_ body: MessageBody, destination: Destination, queue: QueueName?, options: PublishOptions) {
        self.destination = destination
        self.queue = queue
        self.body = body
        self.options = options
    }
}

extension BatchItem: CustomStringConvertible, CustomReflectable {
    /// Body and options as they describe themselves: without URL, values and bytes.
    public var description: String { "BatchItem(\(body), \(options))" }

    /// No children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// What became of one item of a batch; the items of a batch succeed and fail each on its own.
public enum BatchResult: Sendable {
    /// Stored: one receipt, or one for each endpoint of a group.
    case accepted([PublishReceipt])
    /// Refused, with the server's text and code; the other items are not affected.
    case refused(QStashError)

    /// The receipts.
    ///
    /// - Throws: The refusal.
    public func get() throws(QStashError) -> [PublishReceipt] {
        switch self {
        case .accepted(let receipts): return receipts
        case .refused(let error): throw error
        }
    }
}
