public import QStash

/// How the endpoints of ``JobRoutes/status(_:)`` behave.
public struct JobStatusOptions: Sendable {
    /// Where the jobs are: `<path>/{requestId}`; begins with `/` and does not end with it.
    public var path: String

    /// Cancels a message that waits in the broker, by its id; nil when nobody can, and a message then finds its job cancelled when it comes.
    ///
    /// What it throws is logged and changes nothing about the answer: the job is cancelled already.
    public var cancelMessage: (@Sendable (_ messageID: String) async throws -> Void)?

    /// Options; the defaults suit a server whose users follow their jobs below `/api/jobs`.
    public init(
        path: String = "/api/jobs",
        cancelMessage: (@Sendable (_ messageID: String) async throws -> Void)? = nil
    ) {
        self.path = path
        self.cancelMessage = cancelMessage
    }

    /// Options that cancel messages at a broker.
    public init(path: String = "/api/jobs", client: QStashClient) {
        self.init(path: path) { messageID in
            do {
                _ = try await client.messages.cancel(MessageID(messageID))
            } catch let error as QStashError where error.code == .notFound {
                // It has ended, or somebody else was faster.
            }
        }
    }
}
