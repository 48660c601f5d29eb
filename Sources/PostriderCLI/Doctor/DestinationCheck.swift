import FoundationEssentials
import PostriderAddressGuard

/// Whether a destination's name resolves, its addresses may be dialled, and something answers there.
struct DestinationCheck: DoctorCheck {
    private static let dialTimeout = Duration.seconds(5)
    /// As many as the server tries.
    private static let addressesMax = 4

    /// The URL that messages go to; nil when nobody asked.
    let url: String?
    let context: CommandContext
    let resolver: any HostResolving
    let dialer: any Dialer

    let name = DoctorCheckName.destination
    let premises: [DoctorCheckName] = []

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let url else { return .skipped("no destination was named", advice: "name one with --destination") }
        guard let target = Self.target(url) else {
            return .failed(
                "the destination is no URL that messages can go to",
                advice: "give http:// or https:// with a host, without user name, blanks or characters outside ASCII"
            )
        }
        let isLocal = facts.access?.isLocal == true
        let policy: AddressPolicy
        do {
            policy = try self.policy(isLocal: isLocal)
        } catch {
            return .failed(error.message, advice: error.advice ?? "correct the setting")
        }
        let addresses: [IPAddress]
        switch await resolver.resolve(host: target.host) {
        case .addresses(let found): addresses = found
        case .noSuchHost:
            return .failed(
                "there is no host \(target.host)",
                advice: "check the spelling; a server elsewhere may use another DNS"
            )
        case .timedOut:
            return .failed("looking up \(target.host) takes too long", advice: "check this machine's DNS")
        case .failed(let detail):
            return .failed("looking up \(target.host) failed: \(detail)", advice: "check this machine's DNS")
        }
        var refusals: [AddressRefusal] = []
        var allowed: [IPAddress] = []
        for address in addresses {
            switch policy.verdict(for: address) {
            case .allowed: allowed.append(address)
            case .refused(let refusal): refusals.append(refusal)
            }
        }
        guard !allowed.isEmpty else { return Self.refused(refusals, isLocal: isLocal) }
        return await dialled(Array(allowed.prefix(Self.addressesMax)), refusals, target, isLocal: isLocal)
    }

    private func dialled(
        _ addresses: [IPAddress],
        _ refusals: [AddressRefusal],
        _ target: ServerURL,
        isLocal: Bool
    ) async -> DoctorFinding {
        let dialer = dialer
        var connected: [String] = []
        var problems: [String] = []
        await withTaskGroup(of: (IPAddress, DialOutcome).self) { group in
            for address in addresses {
                group.addTask { (address, await dialer.dial(address, port: target.port, timeout: Self.dialTimeout)) }
            }
            for await (address, outcome) in group {
                switch outcome {
                case .connected: connected.append(address.text)
                case .refused: problems.append("\(address.text) refuses connections on port \(target.port)")
                case .timedOut: problems.append("\(address.text) does not answer on port \(target.port)")
                case .failed(let detail): problems.append("\(address.text): \(detail)")
                }
            }
        }
        problems.sort()
        let from = isLocal ? "" : ", seen from this machine"
        guard !connected.isEmpty else {
            return .failed(
                problems.joined(separator: "; ") + from,
                advice: "start what shall listen there, open the firewall, or correct the port"
            )
        }
        problems += refusals.map(\.text)
        let detail = "\(target.host) is reached at \(connected.sorted().joined(separator: ", "))\(from)"
        guard problems.isEmpty else {
            return .warning(
                "\(detail); but \(problems.joined(separator: "; "))",
                advice: "take addresses that do not work out of the DNS: attempts lose time on them"
            )
        }
        return .passed(detail)
    }

    private static func refused(_ refusals: [AddressRefusal], isLocal: Bool) -> DoctorFinding {
        guard let first = refusals.first else {
            return .failed("the name has no addresses", advice: "check the DNS")
        }
        let setting =
            switch first.kind {
            case .private, .loopback:
                isLocal
                    ? "set private-destinations to allow on the server, or list the network in its allowed-ranges"
                    : "give an address that the server can reach from where it is; on a Postrider of yours set "
                        + "private-destinations to allow, or list the network in allowed-ranges"
            case .linkLocal: "list the network in the server's allowed-ranges, if that is really meant"
            default: "give another address: no setting allows this one"
            }
        return .failed("the server does not dial it: \(first.text)", advice: setting)
    }

    /// The rules of the server as far as they are known here: its settings when they are in our environment, else their defaults.
    private func policy(isLocal: Bool) throws(CommandFailure) -> AddressPolicy {
        let isAllowed =
            switch context.value("POSTRIDER_PRIVATE_DESTINATIONS") {
            case "allow": true
            case "refuse": false
            // Private addresses are allowed while the server listens on loopback alone.
            default: isLocal
            }
        var ranges: [AddressRange] = []
        for text in (context.value("POSTRIDER_ALLOWED_RANGES") ?? "").split(separator: ",") {
            guard let range = AddressRange(String(text.trimmingPrefix(while: \.isWhitespace))) else {
                throw CommandFailure(
                    .configuration,
                    code: "setting_invalid",
                    "POSTRIDER_ALLOWED_RANGES has something that is no range of addresses",
                    advice: "write 10.0.0.0/8, with commas between several"
                )
            }
            ranges.append(range)
        }
        return AddressPolicy(privateDestinations: isAllowed ? .allow : .refuse, allowedRanges: ranges)
    }

    private static func target(_ text: String) -> ServerURL? {
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") }) else { return nil }
        let url = ServerURL(text)
        guard url.scheme == "http" || url.scheme == "https", !url.host.isEmpty, !url.host.contains("@"),
            !url.host.contains("%"), (1...65_535).contains(url.port),
            !text.dropFirst(url.scheme.count + 3).prefix(while: { !"/?#".contains($0) }).contains("@")
        else { return nil }
        return url
    }
}
