import Testing

@testable import PostriderBroker

@Suite struct DeliveryTLSTests {
    @Test(arguments: [
        ("example.com", "example.com", true), ("EXAMPLE.com", "example.com", true),
        ("*.example.com", "a.example.com", true), ("*.EXAMPLE.com", "a.example.com", true),
        ("*.example.com", "example.com", false), ("*.example.com", "a.b.example.com", false),
        ("*.example.com", ".example.com", false), ("a*.example.com", "ab.example.com", false),
        ("*", "example", false), ("", "", false), ("example.com", "example.com.evil", false),
        ("example.com\u{0}.evil", "example.com", false), ("*.com", "com", false),
    ])
    func aWildcardStandsForOneWholeLabel(pattern: String, host: String, matches: Bool) {
        #expect(DeliveryTLS.matches(pattern: Array(pattern.utf8), host: host) == matches)
    }
}
