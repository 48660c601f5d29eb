import FoundationEssentials
import HTTPTypes
import PostriderAddressGuard
import QStash

/// Whether the server answers, and answers like a QStash server.
///
/// When no answer comes, the way there is looked at step by step: the name, the connection, what is behind it.
struct ServerCheck: DoctorCheck {
    private static let dialTimeout = Duration.seconds(5)

    let transport: ObservedTransport
    let resolver: any HostResolving
    let dialer: any Dialer

    let name = DoctorCheckName.server
    let premises: [DoctorCheckName] = [.configuration]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let access = facts.access else { return .skipped("no server is known") }
        do {
            facts.keys = try await access.client.signingKeys.get()
        } catch let error as QStashError {
            facts.refusal = error
        } catch {
            return .skipped("stopped before the end")
        }
        facts.exchange = transport.exchange
        guard let exchange = facts.exchange else {
            return await diagnosis(of: ServerURL(access.client.baseURL), error: facts.refusal)
        }
        let took = TimeText.duration(.seconds(exchange.receivedAt.timeIntervalSince(exchange.sentAt)))
        let status = exchange.head.status.code
        if facts.keys != nil { return .passed("answers GET /v2/keys in \(took)") }
        guard let refusal = facts.refusal, Self.isErrorAnswer(exchange) else { return Self.stranger(exchange) }
        switch status {
        case 401, 403: return .passed("answers in \(took)")
        case 429:
            return .failed("answers 429: \(refusal.detail)", advice: "wait; calls are limited or the server is full")
        case 500...:
            return .failed("answers \(status): \(refusal.detail)", advice: "look into the server's log and at its disk")
        default: return Self.stranger(exchange)
        }
    }

    /// Whether the body is the protocol's `{"error":…}`.
    private static func isErrorAnswer(_ exchange: DoctorFacts.Exchange) -> Bool {
        struct ErrorAnswer: Decodable {
            var error: String
        }
        return (try? JSONDecoder().decode(ErrorAnswer.self, from: Data(exchange.body))) != nil
    }

    private static func stranger(_ exchange: DoctorFacts.Exchange) -> DoctorFinding {
        let status = exchange.head.status
        let type = exchange.head.headerFields[.contentType] ?? "no content type"
        var detail = "something else answers there: status \(status.code), \(type)"
        if let server = exchange.head.headerFields[.server] { detail += ", by \(server)" }
        let isRedirect = status.kind == .redirection
        if isRedirect, let location = exchange.head.headerFields[.location] {
            let url = ServerURL(location)
            detail += ", towards \(url.host.isEmpty ? "another path" : "\(url.scheme)://\(url.host)")"
        }
        return .failed(
            detail,
            advice: isRedirect
                ? "give the URL it leads to: redirects are not followed, the token would go along"
                : "check the host, the port and the path of the URL: /v2 is appended to it"
        )
    }

    private func diagnosis(of url: ServerURL, error: QStashError?) async -> DoctorFinding {
        let addresses: [IPAddress]
        switch await resolver.resolve(host: url.host) {
        case .addresses(let found): addresses = found
        case .noSuchHost:
            return .failed("there is no host \(url.host)", advice: "check the spelling of the URL's host, and the DNS")
        case .timedOut:
            return .failed(
                "looking up \(url.host) takes too long",
                advice: "check this machine's DNS (/etc/resolv.conf), and its connection"
            )
        case .failed(let detail):
            return .failed("looking up \(url.host) failed: \(detail)", advice: "check this machine's DNS")
        }
        var outcomes: [DialOutcome] = []
        for address in addresses.prefix(2) {
            outcomes.append(await dialer.dial(address, port: url.port, timeout: Self.dialTimeout))
        }
        let place = "\(url.host) port \(url.port)"
        if outcomes.contains(.connected) { return Self.silence(at: place, url: url, error: error) }
        if outcomes.contains(.refused) {
            return .failed(
                "connection refused: nothing listens at \(place)",
                advice: url.isLoopback
                    ? "start the server (postrider serve), or give its URL with --url"
                    : "check that the server runs, and that it listens beyond loopback"
            )
        }
        if case .failed(let detail)? = outcomes.last {
            return .failed("no connection to \(place): \(detail)", advice: "check the network and the URL")
        }
        return .failed(
            "no connection to \(place) within \(TimeText.duration(Self.dialTimeout))",
            advice: "check firewalls on the way, and that the host is up"
        )
    }

    /// A connection comes about, but no answer over it.
    private static func silence(at place: String, url: ServerURL, error: QStashError?) -> DoctorFinding {
        if error?.code == .timedOut {
            return .failed(
                "\(place) takes connections but does not answer in time",
                advice: "look into the server's log"
            )
        }
        let detail = error?.detail ?? "no answer"
        guard url.scheme == "https" else {
            return .failed(
                "\(place) takes connections but does not answer in HTTP: \(detail)",
                advice: "check the port; if the server speaks TLS there, the URL begins with https://"
            )
        }
        return .failed(
            "\(place) takes connections, but no TLS comes about: \(detail)",
            advice: "check the certificate (name, date, authority); if the server speaks no TLS there, "
                + "the URL begins with http://"
        )
    }
}
