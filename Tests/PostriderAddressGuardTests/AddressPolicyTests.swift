import PostriderAddressGuard
import Testing

@Suite struct AddressPolicyTests {
    private func verdict(
        _ text: String,
        _ privateDestinations: AddressPolicy.PrivateDestinations,
        ranges: [String] = []
    ) throws -> AddressVerdict {
        let ranges = try ranges.map { try #require(AddressRange($0)) }
        return AddressPolicy(privateDestinations: privateDestinations, allowedRanges: ranges)
            .verdict(for: try #require(IPAddress(text)))
    }

    private func refusal(_ verdict: AddressVerdict) -> AddressRefusal? {
        if case .refused(let refusal) = verdict { refusal } else { nil }
    }

    @Test(arguments: ["127.0.0.1", "10.1.2.3", "::1", "fd12::1", "::ffff:192.168.0.1", "2002:a00:1::1"])
    func privateAddressesFollowTheSetting(text: String) throws {
        #expect(try verdict(text, .allow) == .allowed)
        let refusal = try #require(refusal(try verdict(text, .refuse)))
        #expect(refusal.text.contains("private-destinations"))
        #expect(refusal.text.contains("allowed-ranges"))
    }

    @Test(arguments: ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "fd00:ec2::254"])
    func linkLocalNeedsAListedRangeInEveryMode(text: String) throws {
        for mode in [AddressPolicy.PrivateDestinations.allow, .refuse] {
            let refusal = try #require(refusal(try verdict(text, mode)))
            #expect(refusal.code == .linkLocal)
            #expect(refusal.text.contains("allowed-ranges"))
            #expect(!refusal.text.contains("private-destinations"))
            #expect(
                try verdict(text, mode, ranges: ["169.254.169.254", "fe80::/10", "fd00:ec2::254/128"]) == .allowed
            )
        }
    }

    @Test(arguments: ["224.0.0.1", "ff02::1", "0.0.0.0", "255.255.255.255", "::", "203.0.113.1", "::7f00:1"])
    func multicastAndReservedAreNeverAllowed(text: String) throws {
        let refusal = try #require(refusal(try verdict(text, .allow, ranges: ["0.0.0.0/0", "::/0"])))
        #expect([.multicast, .reserved].contains(refusal.kind))
        #expect(refusal.text.contains("no setting allows it"))
    }

    @Test func aListedRangeOpensPrivateAddressesAndNoOthers() throws {
        #expect(try verdict("10.0.0.7", .refuse, ranges: ["10.0.0.0/24"]) == .allowed)
        #expect(refusal(try verdict("10.0.1.7", .refuse, ranges: ["10.0.0.0/24"]))?.code == .private)
        #expect(refusal(try verdict("127.0.0.1", .refuse, ranges: ["10.0.0.0/24"]))?.code == .loopback)
    }

    @Test(arguments: ["8.8.8.8", "2606:4700::1111", "64:ff9b::8.8.8.8"])
    func publicAddressesAreAllowed(text: String) throws {
        #expect(try verdict(text, .refuse) == .allowed)
    }
}
