import QStash

/// Whether a server and a token for it are known at all, and from where.
struct ConfigurationCheck: DoctorCheck {
    /// Long enough for any healthy server, short enough for somebody who waits.
    private static let callTimeout = Duration.seconds(10)

    let options: ServerOptions
    let context: CommandContext
    let transport: ObservedTransport

    let name = DoctorCheckName.configuration
    let premises: [DoctorCheckName] = []

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        do {
            let access = try options.access(
                in: context,
                // One attempt: what is wrong shall be seen, not smoothed over.
                configuration: .init(timeout: Self.callTimeout, retry: .never),
                transport: transport
            )
            guard (1...65_535).contains(ServerURL(access.client.baseURL).port) else {
                return .failed(
                    "the port of \(access.client.baseURL) is none",
                    advice: "give a number from 1 to 65535 behind the host, or no port at all"
                )
            }
            facts.access = access
            let detail = "server \(access.client.baseURL), token from \(access.origin)"
            guard !access.isInClear else {
                return .warning(
                    "\(detail); the token travels in clear",
                    advice: "use https:// for a server beyond this machine"
                )
            }
            return .passed(detail)
        } catch {
            let report = ErrorReport(error)
            return .failed(report.message, advice: report.advice ?? "set QSTASH_TOKEN and QSTASH_URL")
        }
    }
}
