package import ArgumentParser

/// `postrider doctor`: looks at everything between publishing and a delivery, and says what to do.
package struct DoctorCommand: AsyncParsableCommand {
    /// Where a tunnel is expected to lead when nothing else is said.
    private static let tunnelPort = 9000

    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks server, credentials, keys, clock, disk, a destination and a delivery, and says what to do.",
        discussion: """
            Each check is passed (✓), passed with a warning (!), failed (✗) or skipped (-). The exit status is 0 when nothing \
            failed, else 1. One message is published to this machine and received here; nothing else is changed.
            """
    )

    @Option(help: "A URL that messages shall go to: is it allowed, and does something answer there?")
    var destination: String?

    @Option(help: "The URL by which the server reaches --port here, for a server that is not on this machine.")
    var publicURL: String?

    @Option(help: "The port to receive the message on (a free one; with --public-url, 9000).")
    var port: Int?

    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Refuses what cannot work before anything is opened.
    package func validate() throws {
        if let port, !(0...65_535).contains(port) { throw ValidationError("--port is 0 to 65535") }
        if let publicURL, !ServerURL(publicURL).isHTTP {
            throw ValidationError("--public-url begins with http:// or https:// and has a host")
        }
    }

    /// Runs all checks and shows what they find.
    package func run() async throws {
        try await output.run { context in
            try await examine(in: context, probes: .system())
        }
    }

    /// Runs all checks with the given probes.
    ///
    /// - Throws: `ExitCode` 1 when a check failed.
    func examine(in context: CommandContext, probes: DoctorProbes) async throws {
        let style = output.style(in: context)
        let results = await Doctor(checks(in: context, probes: probes)).examine { result in
            if !output.isJSON { context.output.write(DoctorReport.text(result, style: style)) }
        }
        let report = DoctorReport(results: results)
        context.output.write(output.isJSON ? try JSONOutput.line(report) : report.summary)
        guard report.exitStatus == .ok else { throw report.exitStatus.exitCode }
    }

    private func checks(in context: CommandContext, probes: DoctorProbes) -> [any DoctorCheck] {
        let transport = ObservedTransport(context.transport, now: context.now)
        let folder = server.dataFolder(in: context)
        let isFolderSaid = server.data != nil || context.value("POSTRIDER_DATA") != nil
        return [
            ConfigurationCheck(options: server, context: context, transport: transport),
            ServerCheck(transport: transport, resolver: probes.resolver, dialer: probes.dialer),
            CredentialsCheck(),
            SigningKeysCheck(context: context),
            ClockCheck(),
            DataFolderCheck(path: folder, isSaid: isFolderSaid, probe: probes.disk),
            DiskCheck(path: folder, probe: probes.disk),
            DestinationCheck(url: destination, context: context, resolver: probes.resolver, dialer: probes.dialer),
            RoundTripCheck(
                publicURL: publicURL,
                port: port ?? (publicURL == nil ? 0 : Self.tunnelPort),
                context: context
            ),
        ]
    }
}
