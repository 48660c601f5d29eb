import ArgumentParser
import FoundationEssentials
import Glibc

/// `postrider serve`: runs the broker until it is told to stop.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Runs the broker.",
        discussion: """
            Every setting is a flag, a variable POSTRIDER_<KEY>, and a key of the JSON file given by --config; a flag wins over \
            the environment, which wins over the file. docs/OPERATIONS.md lists them all; `--set key=value` gives those that \
            have no flag of their own.
            """
    )

    @Option(help: "The address to listen on (127.0.0.1).")
    var host: String?

    @Option(help: "The port to listen on (8080); 0 takes a free one.")
    var port: String?

    @Option(help: "The folder of all data (./postrider-data).")
    var data: String?

    @Flag(help: "The development profile: the protocol's public first user, loopback only.")
    var dev = false

    @Option(help: "The least level that is logged (info).")
    var logLevel: String?

    @Option(help: "text or json (text).")
    var logFormat: String?

    @Option(help: "The certificate chain, a PEM file.")
    var tlsCert: String?

    @Option(help: "The certificate's private key, a PEM file.")
    var tlsKey: String?

    @Flag(help: "A proxy in front speaks TLS.")
    var behindProxy = false

    @Option(help: "Applications whose jobs are served beside /v2, separated by commas: demo.")
    var apps: String?

    @Option(name: .customLong("broker-url"), help: "The broker that applications publish to (this server).")
    var brokerURL: String?

    @Option(help: "A JSON file with settings.")
    var config: String?

    @Option(name: .customLong("set"), help: "Any setting, as key=value; may be repeated.")
    var assignments: [String] = []

    func run() async throws {
        do {
            let environment = ProcessInfo.processInfo.environment
            let values = try SettingValues(
                flags: try flags(),
                environment: environment,
                file: try Self.read(config ?? environment["POSTRIDER_CONFIG"])
            )
            let plan = try ServePlan(values)
            FileDescriptors.raiseLimit()
            try await ServeProcess(plan: plan).run()
        } catch let error as SettingError {
            Self.refuse(error.description)
        } catch let error as StartError {
            Self.refuse(error.description, isPassing: error.isPassing)
        }
    }

    /// The flags by key; those with a name of their own and `--set`.
    private func flags() throws -> [String: String] {
        var flags: [String: String] = [:]
        for assignment in assignments {
            let parts = assignment.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw SettingError("--set takes key=value") }
            flags[String(parts[0])] = String(parts[1])
        }
        let named = [
            "host": host, "port": port, "data": data, "log-level": logLevel, "log-format": logFormat,
            "tls-cert": tlsCert, "tls-key": tlsKey, "apps": apps, "broker-url": brokerURL,
        ]
        for (key, text) in named { if let text { flags[key] = text } }
        if dev { flags["dev"] = "true" }
        if behindProxy { flags["behind-proxy"] = "true" }
        return flags
    }

    private static func read(_ path: String?) throws -> [UInt8]? {
        guard let path, !path.isEmpty else { return nil }
        guard let data = FileManager.default.contents(atPath: path) else {
            throw SettingError("the configuration file \(path) cannot be read")
        }
        return Array(data)
    }

    /// Says what is wrong and ends with status 78, "configuration error", or 75, "temporary failure" (sysexits.h).
    private static func refuse(_ reason: String, isPassing: Bool = false) -> Never {
        FileHandleOutput.standardError("postrider: \(reason)\n")
        Glibc.exit(isPassing ? 75 : 78)
    }
}
