extension QStashClient {
    /// The queues of the account.
    public var queues: Queues { Queues(client: self) }

    /// One queue, whether it exists or not.
    public func queue(_ name: QueueName) -> Queue { Queue(name: name, client: self) }

    /// The schedules of the account.
    public var schedules: Schedules { Schedules(client: self) }

    /// The URL groups of the account.
    public var urlGroups: URLGroups { URLGroups(client: self) }

    /// The flow control keys of the account.
    public var flowControl: FlowControlKeys { FlowControlKeys(client: self) }

    /// The keys that deliveries are signed with.
    public var signingKeys: SigningKeys { SigningKeys(client: self) }
}
