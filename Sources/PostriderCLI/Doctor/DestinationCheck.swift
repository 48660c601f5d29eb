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
        let rules: Rules
        do {
            rules = try self.rules(isLocal: isLocal)
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
            switch rules.assumed.verdict(for: address) {
            case .allowed: allowed.append(address)
            case .refused(let refusal): refusals.append(refusal)
            }
        }
        guard !allowed.isEmpty else { return Self.refused(refusals, isLocal: isLocal) }
        let candidates = Array(allowed.prefix(Self.addressesMax))
        let finding = await dialled(candidates, refusals, target, isLocal: isLocal)
        return rules.qualified(finding, for: candidates)
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
    private func rules(isLocal: Bool) throws(CommandFailure) -> Rules {
        let setting = context.value("POSTRIDER_PRIVATE_DESTINATIONS") ?? "auto"
        guard ["auto", "allow", "refuse"].contains(setting) else {
            throw CommandFailure(
                .configuration,
                code: "setting_invalid",
                "POSTRIDER_PRIVATE_DESTINATIONS has a value that is none of its own",
                advice: "write auto, allow or refuse"
            )
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
        // Private addresses are allowed by default while the server listens on loopback alone and names no other URL as its own.
        let isPublic = context.value("POSTRIDER_PUBLIC_BASE_URL").map { !ServerURL($0).isLoopback } ?? false
        let isAssumed = setting == "auto" && isLocal && !isPublic
        func policy(_ isAllowed: Bool) -> AddressPolicy {
            AddressPolicy(privateDestinations: isAllowed ? .allow : .refuse, allowedRanges: ranges)
        }
        return Rules(assumed: policy(setting == "allow" || isAssumed), said: policy(setting == "allow"))
    }

    /// Which addresses the server dials: as it probably is, and by what was said in so many words.
    private struct Rules {
        let assumed: AddressPolicy
        let said: AddressPolicy

        /// The finding, with a warning when it rests on what is only assumed.
        func qualified(_ finding: DoctorFinding, for addresses: [IPAddress]) -> DoctorFinding {
            let doubtful = addresses.filter { if case .refused = said.verdict(for: $0) { true } else { false } }
            guard !doubtful.isEmpty, finding.outcome != .failed else { return finding }
            let advice = [
                finding.advice,
                "make sure that the server's private-destinations is not refuse and that it has no public-base-url, or "
                    + "list the network in its allowed-ranges",
            ]
            return .warning(
                "\(finding.detail); \(doubtful.map(\.text).joined(separator: ", ")) is dialled only under the default "
                    + "settings of a local server",
                advice: advice.compactMap { $0 }.joined(separator: "; ")
            )
        }
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
