import PostriderAddressGuard
import Testing

@Suite struct AddressKindTests {
    @Test(arguments: [
        ("8.8.8.8", AddressKind.public), ("1.1.1.1", .public), ("2606:4700::1111", .public),
        ("172.15.255.255", .public), ("172.32.0.0", .public), ("100.63.255.255", .public), ("100.128.0.0", .public),
        ("10.0.0.1", .private), ("172.16.0.1", .private), ("172.31.255.255", .private), ("192.168.1.1", .private),
        ("100.64.0.1", .private), ("100.127.255.255", .private), ("fd12::1", .private), ("fc00::1", .private),
        ("fec0::1", .private), ("64:ff9b:1::a00:1", .private),
        ("127.0.0.1", .loopback), ("127.255.255.254", .loopback), ("::1", .loopback),
        ("169.254.1.1", .linkLocal), ("169.254.169.254", .linkLocal), ("fe80::1", .linkLocal), ("febf::1", .linkLocal),
        ("fd00:ec2::254", .linkLocal), ("fd20:ce::254", .linkLocal), ("100.100.100.200", .linkLocal),
        ("168.63.129.16", .linkLocal),
        ("224.0.0.1", .multicast), ("239.255.255.255", .multicast), ("ff02::1", .multicast),
        ("0.0.0.0", .reserved), ("0.1.2.3", .reserved), ("240.0.0.1", .reserved), ("255.255.255.255", .reserved),
        ("192.0.0.8", .reserved), ("192.0.2.1", .reserved), ("198.51.100.1", .reserved), ("203.0.113.1", .reserved),
        ("198.18.0.1", .reserved), ("198.19.255.255", .reserved), ("192.88.99.1", .reserved),
        ("::", .reserved), ("2001:db8::1", .reserved), ("3fff::1", .reserved), ("2001:2::1", .reserved),
        ("100::1", .reserved), ("5f00::1", .reserved), ("4000::1", .reserved), ("::ffff:0:7f00:1", .reserved),
    ])
    func registriesAreFollowed(text: String, kind: AddressKind) throws {
        #expect(AddressKind(of: try #require(IPAddress(text))) == kind)
    }

    @Test(arguments: [
        ("::ffff:127.0.0.1", AddressKind.loopback), ("::ffff:10.0.0.1", .private), ("::ffff:8.8.8.8", .public),
        ("::ffff:169.254.169.254", .linkLocal),
        ("::127.0.0.1", .reserved),
        ("64:ff9b::127.0.0.1", .loopback), ("64:ff9b::169.254.169.254", .linkLocal), ("64:ff9b::8.8.8.8", .public),
        ("2002:7f00:1::", .loopback), ("2002:a00:1::1", .private), ("2002:808:808::1", .public),
        // Teredo: server 65.54.227.120 and client 127.0.0.1 inverted, then server 10.0.0.1 and client 8.8.8.8.
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", .loopback), ("2001:0:a00:1:0:0:f7f7:f7f7", .private),
        ("2001:0:4136:e378:8000:63bf:f7f7:f7f7", .public),
    ])
    func anEmbeddedAddressCounts(text: String, kind: AddressKind) throws {
        #expect(AddressKind(of: try #require(IPAddress(text))) == kind)
    }
}
