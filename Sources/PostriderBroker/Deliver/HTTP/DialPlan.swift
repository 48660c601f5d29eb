import PostriderAddressGuard
import PostriderCore

/// Decides which addresses of a host are dialled, in which order, and what it means when none answers.
///
/// Pure: the dial feeds it and carries out what it says.
struct DialPlan {
    /// What to do next.
    enum Step: Hashable {
        case dial(IPAddress)
        case fail(AttemptFailure)
    }

    private let host: String
    private var candidates: ArraySlice<IPAddress> = []
    /// How many addresses share the time for connecting; at least 1.
    private(set) var shareCount = 1

    init(host: String) {
        self.host = host
    }

    /// Takes the resolver's answer: keeps the addresses that the policy allows, in the resolver's order.
    mutating func resolved(_ resolution: HostResolution, policy: AddressPolicy, addressesMax: Int) -> Step {
        switch resolution {
        case .noSuchHost:
            return .fail(AttemptFailure(code: .nameNotFound, detail: "lookup \(host): no such host"))
        case .timedOut:
            return .fail(AttemptFailure(code: .nameResolutionFailed, detail: "lookup \(host): no answer in time"))
        case .failed(let detail):
            return .fail(AttemptFailure(code: .nameResolutionFailed, detail: "lookup \(host): \(detail)"))
        case .addresses(let addresses):
            var allowed: [IPAddress] = []
            var firstRefusal: AddressRefusal?
            for address in addresses {
                switch policy.verdict(for: address) {
                case .allowed: allowed.append(address)
                case .refused(let refusal): firstRefusal = firstRefusal ?? refusal
                }
            }
            candidates = allowed.prefix(addressesMax)
            shareCount = max(1, candidates.count)
            if let next = candidates.popFirst() { return .dial(next) }
            guard let firstRefusal else {
                return .fail(AttemptFailure(code: .nameNotFound, detail: "lookup \(host): no addresses"))
            }
            return .fail(Self.forbidden(firstRefusal, host: host))
        }
    }

    /// Takes the failure of one address and moves on to the next; the last failure is the one that is told.
    mutating func failed(_ failure: AttemptFailure) -> Step {
        // What fails in TLS fails at every address: the certificate or the settings are wrong, not the way there.
        guard failure.code != .tlsFailed, let next = candidates.popFirst() else { return .fail(failure) }
        return .dial(next)
    }

    /// The failure for an address that may not be dialled.
    static func forbidden(_ refusal: AddressRefusal, host: String) -> AttemptFailure {
        let subject = host == refusal.address.text ? "" : "\(host): "
        return AttemptFailure(code: .addressForbidden, detail: subject + refusal.text)
    }
}
