package import ArgumentParser
import FoundationEssentials
import PostriderJobs

/// `postrider jobs token`: makes a user's token, for trying an application out.
package struct JobsTokenCommand: AsyncParsableCommand {
    private struct Record: Encodable {
        let expiresAt: Date
        let token: String
    }

    private struct FileRecord: Encodable {
        let expiresAt: Date
        let file: String
    }

    private static let validMax = Duration.seconds(86_400 * 30)
    /// The variables with the secret, in the order in which they count.
    private static let secretVariables = ["POSTRIDER_IDENTITY_JWT_SECRET", "SUPABASE_JWT_SECRET"]

    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Makes a user's token with the secret of the application's users, for trying it out.",
        discussion: """
            The secret is that of identity-jwt-secret: in --secret-file, POSTRIDER_IDENTITY_JWT_SECRET or SUPABASE_JWT_SECRET; of several, \
            separated by commas, the first signs. A token is \
            a secret too: it is printed to a terminal, or written to a file that you alone may read.
            """
    )

    @Option(help: .init("The user whose token it is.", valueName: "id"))
    var user: String

    @Option(help: "A file with the secret.", completion: .file())
    var secretFile: String?

    @Option(help: .init("How long the token holds.", valueName: "duration"))
    var expires = DurationArgument(.seconds(3_600))

    @Option(help: "The issuer that the application asks for (POSTRIDER_IDENTITY_JWT_ISSUER).")
    var issuer: String?

    @Option(help: "The audience that the application asks for (POSTRIDER_IDENTITY_JWT_AUDIENCE).")
    var audience: String?

    @Option(name: .customLong("output"), help: "A file for the token, made with mode 0600.", completion: .file())
    var path: String?

    @OptionGroup var reveal: RevealOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Refuses what cannot work.
    package func validate() throws {
        guard (1...255).contains(user.utf8.count) else { throw ValidationError("--user has 1 to 255 bytes") }
        guard expires.duration >= .seconds(1), expires.duration <= Self.validMax else {
            throw ValidationError("--expires is 1s to 30d")
        }
        for (name, value) in [("--secret-file", secretFile), ("--output", path)] where value == "" {
            throw ValidationError("\(name) is empty")
        }
        if path != nil, reveal.reveal { throw ValidationError("--output and --reveal exclude each other") }
    }

    /// Makes the token, and prints it or writes it to the file.
    package func run() async throws {
        try await output.run { context in
            if path == nil { try reveal.check(context, noun: "tokens") }
            let now = context.now()
            let identity = try identity(in: context, now: now)
            let token = try identity.token(for: Identity(userID: user), validFor: expires.duration)
            let expiresAt = now.addingTimeInterval(expires.duration / .seconds(1))
            guard let path else {
                let record = Record(expiresAt: expiresAt, token: token)
                return context.output.write(output.isJSON ? try JSONOutput.line(record) : token + "\n")
            }
            try SecretFile.write(token, to: path, holding: "token")
            let record = FileRecord(expiresAt: expiresAt, file: path)
            let text = "the token is in \(path) until \(TimeText.dateAndTime(expiresAt))\n"
            context.output.write(output.isJSON ? try JSONOutput.line(record) : text)
        }
    }

    private func identity(in context: CommandContext, now: Date) throws -> SharedSecretIdentity {
        let secret = try secretFile.map { try SecretFile.read($0, holding: "secret") }
        guard let secret = secret ?? Self.secretVariables.lazy.compactMap({ context.value($0) }).first else {
            throw CommandFailure(
                .configuration,
                code: "secret_missing",
                "the secret of the application's users is not known",
                advice: "give --secret-file, or set \(Self.secretVariables[0])"
            )
        }
        do {
            return try SharedSecretIdentity(
                secrets: Self.list(secret),
                clock: StandingClock(now: now),
                issuer: issuer ?? context.value("POSTRIDER_IDENTITY_JWT_ISSUER"),
                audience: audience ?? context.value("POSTRIDER_IDENTITY_JWT_AUDIENCE")
            )
        } catch let error as JobsError {
            throw CommandFailure(.configuration, code: "secret_unusable", error.detail)
        }
    }

    /// Several secrets are in force while they are exchanged; read as the server reads them.
    private static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.trimmingPrefix(while: \.isWhitespace)) }
    }

    /// The moment at which the command runs.
    private struct StandingClock: JobClock {
        let now: Date

        func sleep(for duration: Duration) async throws {}
    }
}
