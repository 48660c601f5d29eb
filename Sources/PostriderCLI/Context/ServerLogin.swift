import QStash

/// Credentials as they were found, from which clients are made.
struct ServerLogin: Sendable {
    /// Where they came from, in words.
    let origin: String

    /// A client with them.
    let makeClient: @Sendable (QStashClient.Configuration, any QStashTransport) throws -> QStashClient

    /// A client, and where its credentials came from.
    ///
    /// - Parameter transport: The way to the server; nil for the context's, with errors that name the server.
    func access(
        in context: CommandContext,
        configuration: QStashClient.Configuration = .init(),
        transport: (any QStashTransport)? = nil
    ) throws -> ServerAccess {
        var configuration = configuration
        configuration.clock = context.clock
        let client = try makeClient(configuration, transport ?? NamingTransport(context.transport))
        return ServerAccess(client: client, origin: .init(origin))
    }
}
