import PostriderAddressGuard
import Testing

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite struct LegacyIPv4FormTests {
    @Test(arguments: [
        "127.0.0.1", "2130706433", "0x7f000001", "0X7F000001", "017700000001", "0x7f.1", "127.1", "127.0.1",
        "0177.0.0.1", "0177.0x0.0.01", "00000000177.0.0.1", "127.0.0.1.", "127.1.", "0x7F.0.0.0x1",
    ])
    func everyFormOfLoopbackIsSeen(text: String) {
        #expect(LegacyIPv4Form.address(text) == IPAddress("127.0.0.1"))
    }

    @Test(arguments: [
        "", ".", "..", "localhost", "1.2.3.4.5", "256.1.1.1", "1.2.3.256", "1.2.65536", "1.16777216", "4294967296",
        "08", "0x", "0xg", "1..2", ".1", "1.2.3.4..", "-1", "+1", "1e3", " 1", "1 ", "٣", "1.example", "0x1.com",
        "99999999999999999999999999", String(repeating: "0", count: 300),
    ])
    func otherHostsAreLeftToTheResolver(text: String) {
        // A lone `0x` is zero to URL parsers, and stays so here.
        #expect(LegacyIPv4Form.address(text) == (text == "0x" ? IPAddress("0.0.0.0") : nil))
    }

    @Test func agreesWithTheLibraryOnRandomForms() {
        var seed: UInt64 = 20_261_121
        func next(_ bound: UInt64) -> UInt64 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (seed >> 33) % bound
        }
        let alphabet = Array("0123456789abfxX..78")
        for _ in 0..<20_000 {
            let text = String((0..<Int(1 + next(12))).map { _ in alphabet[Int(next(UInt64(alphabet.count)))] })
            var library = in_addr()
            guard inet_aton(text, &library) == 1 else { continue }
            // Whatever the library dials must be seen here as well; the reverse need not hold.
            #expect(LegacyIPv4Form.address(text) == IPAddress(v4: UInt32(bigEndian: library.s_addr)), "\(text)")
        }
    }
}
