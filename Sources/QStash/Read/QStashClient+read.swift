extension QStashClient {
    /// The messages that the server keeps.
    public var messages: Messages { Messages(client: self) }

    /// The log of what happened to messages.
    public var events: Events { Events(client: self) }

    /// The messages that were given up.
    public var dlq: DeadLetterQueue { DeadLetterQueue(client: self) }
}
