import ArgumentParser

/// Which server's jobs a command asks for, and as which user: shared by the commands of jobs.
///
/// Jobs belong to users of the application, not to accounts of the broker: the token is the one that the application's users have. A
/// server on loopback that has no users of its own asks for none. It goes where it is meant to go: to `--url`, to the variable that says where the
/// application is, or to this machine; the broker that `QSTASH_URL` names is another party, and counts only when it is on this machine.
struct ApplicationOptions: ParsableArguments {
    /// The variable with a user's token.
    static let tokenVariable = "POSTRIDER_USER_TOKEN"

    /// The variable with the application's URL.
    static let urlVariable = "POSTRIDER_APPLICATION_URL"

    @Option(help: "The application's URL (\(urlVariable), or the local server).")
    var url: String?

    @Option(help: "A file with a user's token (\(tokenVariable), or none).", completion: .file())
    var userTokenFile: String?

    /// Something that says nothing is refused: a variable of a script that is not set must not lead to another server.
    func validate() throws {
        for (name, value) in [("--url", url), ("--user-token-file", userTokenFile)] where value == "" {
            throw ValidationError("\(name) is empty")
        }
    }

    /// The application that a command asks.
    ///
    /// - Throws: ``CommandFailure`` when the URL or the token cannot be used.
    func application(in context: CommandContext) throws(CommandFailure) -> ApplicationClient {
        let local = context.value("QSTASH_URL").flatMap { ServerURL($0).isLoopback ? $0 : nil }
        let text = url ?? context.value(Self.urlVariable) ?? local ?? ServerOptions.localURL
        let token = try userTokenFile.map { path throws(CommandFailure) in
            try SecretFile.read(path, holding: "token")
        }
        return try ApplicationClient(url: text, token: token ?? context.value(Self.tokenVariable), context: context)
    }
}
