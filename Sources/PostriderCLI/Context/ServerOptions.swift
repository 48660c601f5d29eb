package import ArgumentParser
package import QStash

/// Which server a command talks to, and with which token: shared by all commands.
///
/// The first of these that says anything counts:
/// 1. `--token-file`;
/// 2. `--data`: the token file of the local server's data folder;
/// 3. the environment: `QSTASH_DEV`, or `QSTASH_REGION` with the pair of that region, or `QSTASH_TOKEN` and `QSTASH_URL`;
/// 4. `postrider-data/token` in the working folder, which a server started there made; that token goes to this machine alone.
///
/// The URL is `--url`, else what belongs to the token: `QSTASH_URL` for 1 and 3, and the local server at
/// `http://127.0.0.1:8080` for 2 and 4, or when `QSTASH_URL` is not set, for 1.
package struct ServerOptions: ParsableArguments {
    /// Where a server listens that was told nothing else.
    package static let localURL = "http://127.0.0.1:8080"

    private static let dataStandard = "./postrider-data"
    private static let developmentDataStandard = "./postrider-dev-data"

    @Option(help: "The server's URL (QSTASH_URL, or the local server).")
    package var url: String?

    @Option(help: "A file with the token (QSTASH_TOKEN, or the local server's own file).", completion: .file())
    package var tokenFile: String?

    @Option(help: "The data folder of the local server (./postrider-data), where its token is.", completion: .directory)
    package var data: String?

    /// The defaults.
    package init() {}

    /// Something that says nothing is refused: a variable of a script that is not set must not lead to another server.
    package func validate() throws {
        for (name, value) in [("--url", url), ("--token-file", tokenFile), ("--data", data)] where value == "" {
            throw ValidationError("\(name) is empty")
        }
    }

    /// The client that a command works with.
    ///
    /// - Throws: ``CommandFailure`` or `QStashError` when no credentials are found, or they cannot be used.
    package func client(in context: CommandContext) throws -> QStashClient {
        try access(in: context).client
    }

    /// The folder of the local server's data: what was said, or where a server puts it that was told nothing.
    package func dataFolder(in context: CommandContext) -> String {
        data ?? context.value("POSTRIDER_DATA")
            ?? (context.isDevelopment ? Self.developmentDataStandard : Self.dataStandard)
    }

    /// Whether the environment says which token to use.
    package static func isSaid(in context: CommandContext) -> Bool {
        environmentOrigin(in: context) != nil
    }

    /// The client, and where its credentials came from.
    ///
    /// - Parameters:
    ///   - configuration: Bounds and repetition; the clock is always the context's.
    ///   - transport: The way to the server; nil for the context's.
    /// - Throws: ``CommandFailure`` or `QStashError` when no credentials are found, or they cannot be used.
    package func access(
        in context: CommandContext,
        configuration: QStashClient.Configuration = .init(),
        transport: (any QStashTransport)? = nil
    ) throws -> ServerAccess {
        try login(in: context).access(in: context, configuration: configuration, transport: transport)
    }

    /// The credentials, read once, for commands that need more than one client: a pipe gives them only once.
    ///
    /// - Throws: ``CommandFailure`` when none are found.
    func login(in context: CommandContext) throws -> ServerLogin {
        func login(_ token: String, _ url: String, from origin: String) -> ServerLogin {
            ServerLogin(origin: origin) { configuration, transport in
                try QStashClient(token: token, baseURL: url, configuration: configuration, transport: transport)
            }
        }

        if let tokenFile {
            let token = try SecretFile.read(tokenFile, holding: "token")
            return login(
                token,
                url ?? context.value("QSTASH_URL") ?? Self.localURL,
                from: "the file \(tokenFile)"
            )
        }
        if let data {
            let token = try SecretFile.read(data + "/token", holding: "token")
            return login(token, url ?? Self.localURL, from: "the file \(data)/token")
        }
        if let origin = Self.environmentOrigin(in: context) {
            // With a URL of its own, only the token of the environment counts: regional pairs and QSTASH_DEV have their own URLs.
            if let url, let token = context.value("QSTASH_TOKEN") {
                return login(token, url, from: "QSTASH_TOKEN")
            }
            return ServerLogin(origin: origin) { configuration, transport in
                let client = try QStashClient(
                    environment: context.environment,
                    configuration: configuration,
                    transport: transport
                )
                if let url, ServerURL(url) != ServerURL(client.baseURL) {
                    throw CommandFailure(
                        .configuration,
                        code: "credentials_missing",
                        "no token is known for \(url): that of \(origin) belongs to \(client.baseURL)",
                        advice: "set QSTASH_TOKEN, or give --token-file"
                    )
                }
                return client
            }
        }
        let address = url ?? context.value("QSTASH_URL") ?? Self.localURL
        let path = dataFolder(in: context) + "/token"
        guard ServerURL(address).isLoopback, let token = try? SecretFile.read(path, holding: "token") else {
            throw Self.missing(url: address, path: path)
        }
        return login(token, address, from: "the file \(path)")
    }

    /// The variable that decides, in the order of `QStashClient(environment:)`; nil when there is none.
    private static func environmentOrigin(in context: CommandContext) -> String? {
        if context.isDevelopment { return "QSTASH_DEV" }
        if let region = context.value("QSTASH_REGION").flatMap({ QStashRegion(name: $0) }),
            context.value("\(region)_QSTASH_URL") != nil, context.value("\(region)_QSTASH_TOKEN") != nil
        {
            return "\(region)_QSTASH_TOKEN"
        }
        return context.value("QSTASH_TOKEN") == nil ? nil : "QSTASH_TOKEN"
    }

    private static func missing(url: String, path: String) -> CommandFailure {
        let isLocal = ServerURL(url).isLoopback
        return CommandFailure(
            .configuration,
            code: "credentials_missing",
            "no token is known for \(url)",
            advice: isLocal
                ? "start postrider serve in this folder (it makes \(path)), set QSTASH_TOKEN, or give --token-file or --data"
                : "set QSTASH_TOKEN, or give --token-file"
        )
    }
}

extension CommandContext {
    /// Whether a development server with its public credentials is meant.
    package var isDevelopment: Bool {
        let text = value("QSTASH_DEV")
        return text == "1" || text?.lowercased() == "true"
    }

    /// The value of a variable; an empty one counts as none.
    package func value(_ name: String) -> String? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        return text
    }
}
