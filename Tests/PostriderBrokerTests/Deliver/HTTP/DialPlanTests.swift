import PostriderAddressGuard
import PostriderCore
import Testing

@testable import PostriderBroker

@Suite struct DialPlanTests {
    private let publicA = IPAddress(v4: 0x0808_0808)
    private let publicB = IPAddress(v4: 0x0808_0404)
    private let privateA = IPAddress(v4: 0x0A00_0001)
    private let refused = AttemptFailure(code: .connectionRefused, detail: "refused")

    private func code(_ step: DialPlan.Step) -> AttemptFailure.Code? {
        if case .fail(let failure) = step { failure.code } else { nil }
    }

    @Test func allowedAddressesAreDialledInOrderAndOthersNot() {
        var plan = DialPlan(host: "h")
        let policy = AddressPolicy(privateDestinations: .refuse)
        let first = plan.resolved(.addresses([privateA, publicA, publicB]), policy: policy, addressesMax: 4)
        #expect(first == .dial(publicA))
        #expect(plan.shareCount == 2)
        #expect(plan.failed(refused) == .dial(publicB))
        #expect(plan.failed(refused) == .fail(refused))
    }

    @Test func noAllowedAddressIsForbiddenAndSaysWhichSettingWouldAllowIt() {
        var plan = DialPlan(host: "intern.example")
        let policy = AddressPolicy(privateDestinations: .refuse)
        guard
            case .fail(let failure) = plan.resolved(.addresses([privateA]), policy: policy, addressesMax: 4)
        else {
            Issue.record("dialled")
            return
        }
        #expect(failure.code == .addressForbidden)
        #expect(failure.detail.hasPrefix("intern.example: 10.0.0.1 is a private address"))
        #expect(failure.detail.contains("private-destinations"))
    }

    @Test func onlySoManyAddressesAreTried() {
        var plan = DialPlan(host: "h")
        let policy = AddressPolicy(privateDestinations: .allow)
        _ = plan.resolved(.addresses([publicA, publicB]), policy: policy, addressesMax: 1)
        #expect(plan.failed(refused) == .fail(refused))
    }

    @Test func aFailureOfTLSIsFinal() {
        var plan = DialPlan(host: "h")
        let policy = AddressPolicy(privateDestinations: .allow)
        _ = plan.resolved(.addresses([publicA, publicB]), policy: policy, addressesMax: 4)
        #expect(code(plan.failed(AttemptFailure(code: .tlsFailed, detail: ""))) == .tlsFailed)
    }

    @Test(arguments: [
        (HostResolution.noSuchHost, AttemptFailure.Code.nameNotFound),
        (.timedOut, .nameResolutionFailed),
        (.failed(detail: "x"), .nameResolutionFailed),
        (.addresses([]), .nameNotFound),
    ])
    func anUnresolvedHostFails(resolution: HostResolution, expected: AttemptFailure.Code) {
        var plan = DialPlan(host: "h")
        let policy = AddressPolicy(privateDestinations: .allow)
        #expect(code(plan.resolved(resolution, policy: policy, addressesMax: 4)) == expected)
    }
}
