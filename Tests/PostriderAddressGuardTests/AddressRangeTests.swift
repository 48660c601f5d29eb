import PostriderAddressGuard
import Testing

@Suite struct AddressRangeTests {
    @Test(arguments: [
        ("10.0.0.0/8", "10.255.255.255", true),
        ("10.0.0.0/8", "11.0.0.0", false),
        ("169.254.169.254", "169.254.169.254", true),
        ("169.254.169.254", "169.254.169.253", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "::1", false),
        ("fd00::/8", "fdff::1", true),
        ("fd00::/8", "fe00::1", false),
        ("::/0", "2001:db8::1", true),
        ("::1/128", "::1", true),
    ])
    func containsItsOwnAddressesAlone(range: String, address: String, isInside: Bool) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/8", "10.0.0.0/", "10.0.0.0/33", "::/129", "10.0.0.0/-1", "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0.1/8",
        "10/8", "10.0.0.0/ 8", "10.0.0.0/٨", "example.com/8", "10.0.0.0/0x8",
    ])
    func otherTextIsNoRange(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func makingOneClearsTheBitsBeyondThePrefix() throws {
        let range = AddressRange(try #require(IPAddress("192.168.7.9")), prefixLength: 16)
        #expect(range.text == "192.168.0.0/16")
    }
}
