package import ArgumentParser
package import QStash

/// Which signing keys deliveries must be signed with.
///
/// The first that says anything counts: `--current-key-file` with `--next-key-file`; the environment, as `QStashReceiver` reads it;
/// the server itself, when a token for it is known.
package struct SigningKeyOptions: ParsableArguments {
    @Option(help: "A file with the current signing key; with --next-key-file.", completion: .file())
    package var currentKeyFile: String?

    @Option(help: "A file with the next signing key.", completion: .file())
    package var nextKeyFile: String?

    /// The defaults.
    package init() {}

    /// One of the two files alone is refused: keys are used as a pair.
    package func validate() throws {
        guard (currentKeyFile == nil) == (nextKeyFile == nil) else {
            throw ValidationError("--current-key-file and --next-key-file are given together")
        }
    }

    /// The receiver with those keys, and where they came from, in words.
    ///
    /// - Throws: ``CommandFailure`` or `QStashError` when there are none.
    package func receiver(
        in context: CommandContext,
        server: ServerOptions
    ) async throws -> (receiver: QStashReceiver, origin: String) {
        if let currentKeyFile, let nextKeyFile {
            let receiver = try QStashReceiver(
                currentSigningKey: try SecretFile.read(currentKeyFile, holding: "signing key"),
                nextSigningKey: try SecretFile.read(nextKeyFile, holding: "signing key"),
                now: context.now
            )
            return (receiver, "\(currentKeyFile) and \(nextKeyFile)")
        }
        if Self.isSaid(in: context) {
            return (try QStashReceiver(environment: context.environment, now: context.now), "the environment")
        }
        let access = try access(to: server, in: context)
        let keys = try await access.client.signingKeys.get()
        let receiver = try QStashReceiver(
            currentSigningKey: keys.current,
            nextSigningKey: keys.next,
            now: context.now
        )
        return (receiver, access.client.baseURL)
    }

    private func access(to server: ServerOptions, in context: CommandContext) throws -> ServerAccess {
        do {
            return try server.access(in: context)
        } catch let error as CommandFailure where error.code == "credentials_missing" {
            throw CommandFailure(
                .configuration,
                code: "signing_keys_missing",
                "no signing keys: deliveries cannot be verified",
                advice: "set QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY, give --current-key-file and "
                    + "--next-key-file, or give a token with which the server tells its keys"
            )
        }
    }

    /// Whether the environment says anything about keys, if only by half: that is told rather than passed over.
    private static func isSaid(in context: CommandContext) -> Bool {
        if context.isDevelopment { return true }
        return context.environment.contains { name, value in
            !value.isEmpty
                && (name.hasSuffix("QSTASH_CURRENT_SIGNING_KEY") || name.hasSuffix("QSTASH_NEXT_SIGNING_KEY"))
        }
    }
}
