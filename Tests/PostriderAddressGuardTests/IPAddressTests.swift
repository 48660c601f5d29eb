import PostriderAddressGuard
import Testing

@Suite struct IPAddressTests {
    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"),
        ("255.255.255.255", "255.255.255.255"),
        ("::1", "::1"),
        ("2001:DB8:0:0:0:0:0:1", "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:10.0.0.1"),
        ("fe80::", "fe80::"),
    ])
    func strictTextIsReadAndWrittenShort(text: String, written: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.text == written)
        #expect(IPAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        "", " 127.0.0.1", "127.0.0.1 ", "127.1", "0x7f.0.0.1", "0177.0.0.1", "127.0.0.01", "256.0.0.1", "1.2.3.4.5",
        "127.0.0.1\u{0}", "[::1]", "::1%lo", "1::2::3", "12345::", "::1\u{0}.example.com", "localhost", "1.2.3.4:80",
    ])
    func otherTextIsNoAddress(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func onlyFourOrSixteenBytesAreAnAddress() {
        #expect(IPAddress(bytes: [127, 0, 0, 1]) == IPAddress(v4: 0x7F00_0001))
        #expect(IPAddress(bytes: [127, 0, 0]) == nil)
        #expect(IPAddress(bytes: [UInt8](repeating: 0, count: 17)) == nil)
    }

    @Test func onlyMappedAddressesAreUnmapped() throws {
        #expect(try #require(IPAddress("::ffff:10.0.0.1")).unmapped == IPAddress("10.0.0.1"))
        #expect(try #require(IPAddress("64:ff9b::10.0.0.1")).unmapped.family == .v6)
    }
}
