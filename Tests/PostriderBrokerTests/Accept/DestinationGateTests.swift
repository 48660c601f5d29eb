import PostriderAddressGuard
import QStashWire
import Testing

@testable import PostriderBroker

@Suite struct DestinationGateTests {
    private struct Names: HostLookup {
        func resolution(of host: String) -> HostResolution {
            switch host {
            case "public.example": .addresses([IPAddress(v4: 0x0808_0808)])
            case "private.example": .addresses([IPAddress(v4: 0x0A00_0001)])
            case "both.example": .addresses([IPAddress(v4: 0x0A00_0001), IPAddress(v4: 0x0808_0808)])
            case "metadata.example": .addresses([IPAddress(v4: 0xA9FE_A9FE)])
            case "slow.example": .timedOut
            case "broken.example": .failed(detail: "no server")
            default: .noSuchHost
            }
        }
    }

    private struct InPlace: LookupThreads, DeadlineTimer {
        func start(_ work: @escaping @Sendable () -> Void) { work() }
        func schedule(afterMilliseconds milliseconds: Int64, _ body: @escaping @Sendable () -> Void) {}
    }

    private func check(
        _ url: String,
        isPrivateAllowed: Bool = false,
        isPrivateByDefault: Bool = false,
        resolves: Bool = true,
        isThroughProxy: Bool = false,
        own: OwnApplication? = nil
    ) async throws -> BrokerError? {
        let gate = DestinationGate(
            policy: AddressPolicy(privateDestinations: isPrivateAllowed ? .allow : .refuse),
            resolver: HostResolver(lookup: Names(), threads: InPlace(), timer: InPlace(), nanoseconds: { 0 }),
            resolvesAtPublish: resolves,
            isPrivateByDefault: isPrivateByDefault,
            own: { own }
        )
        do throws(BrokerError) {
            try await gate.check(try Self.parsed(url), isThroughProxy: isThroughProxy)
            return nil
        } catch {
            return error
        }
    }

    private static func parsed(_ url: String) throws(BrokerError) -> DestinationURL {
        do { return try DestinationURL(parsing: url) } catch {
            throw BrokerError(.hostNotFound, message: "the test's URL is wrong: \(error.message)")
        }
    }

    @Test(
        arguments: [
            ("https://public.example/", nil), ("https://8.8.8.8/", nil), ("https://both.example/", nil),
            ("https://slow.example/", nil), ("https://broken.example/", nil),
            ("https://private.example/", .destinationForbidden), ("https://metadata.example/", .destinationForbidden),
            ("http://127.0.0.1/", .destinationForbidden), ("http://[::1]/", .destinationForbidden),
            ("http://2130706433/", .destinationForbidden), ("http://0x7f.1/", .destinationForbidden),
            ("http://169.254.169.254/", .destinationForbidden), ("https://nowhere.example/", .hostNotFound),
        ] as [(String, BrokerError.Code?)]
    )
    func anAddressThatCouldNotBeDialledIsRefused(url: String, code: BrokerError.Code?) async throws {
        #expect(try await check(url)?.code == code)
    }

    @Test func theWordsAreTheProtocols() async throws {
        let error = try await check("https://nowhere.example/")
        #expect(
            error?.message
                == "invalid destination url: unable to resolve host: lookup nowhere.example: no such host"
        )
        #expect(try await check("http://127.0.0.1/")?.message.hasPrefix("invalid destination url: ") == true)
    }

    @Test func namesAreLeftToTheDeliveryWhenTheyAreNotLookedUp() async throws {
        #expect(try await check("https://nowhere.example/", resolves: false) == nil)
        #expect(try await check("http://127.0.0.1/", resolves: false)?.code == .destinationForbidden)
    }

    @Test func privateAddressesAreOpenWhenTheSettingSaysSo() async throws {
        #expect(try await check("https://private.example/", isPrivateAllowed: true) == nil)
        #expect(try await check("http://127.0.0.1/", isPrivateAllowed: true, isThroughProxy: true) == nil)
        #expect(try await check("http://169.254.169.254/", isPrivateAllowed: true)?.code == .destinationForbidden)
    }

    @Test(arguments: [
        ("http://127.0.0.1/", true), ("https://private.example/", true), ("https://public.example/", false),
    ])
    func whatIsOpenOnlyByDefaultIsClosedToProxies(url: String, isRefused: Bool) async throws {
        let error = try await check(url, isPrivateAllowed: true, isPrivateByDefault: true, isThroughProxy: true)
        #expect((error?.code == .destinationForbidden) == isRefused)
        if isRefused { #expect(error?.message.contains("private-destinations") == true) }
        #expect(try await check(url, isPrivateAllowed: true, isPrivateByDefault: true) == nil)
    }

    @Test(arguments: [
        ("https://private.example/api/jobs/x", false), ("https://private.example/v2/keys", true),
        ("https://private.example:444/api/jobs/x", true), ("https://private.example/api/../v2/keys", true),
        ("http://127.0.0.1:8080/api/jobs/x", false), ("http://127.0.0.1:8080/metrics", true),
        ("http://127.0.0.1:8080/api/demo/countdown", false), ("http://127.0.0.1:8080/api/jobs/x/events", false),
    ])
    func allOfTheOwnAPIAndNothingElseMayBePublishedToWherePrivateDestinationsAreRefused(
        url: String,
        isRefused: Bool
    ) async throws {
        let own = OwnApplication(origins: ["https://private.example:443", "http://127.0.0.1:8080"])
        for isThroughProxy in [false, true] {
            let refused = try await check(url, isThroughProxy: isThroughProxy, own: own)
            #expect((refused?.code == .destinationForbidden) == isRefused)
            let byDefault = try await check(
                url,
                isPrivateAllowed: true,
                isPrivateByDefault: true,
                isThroughProxy: isThroughProxy,
                own: own
            )
            #expect((byDefault?.code == .destinationForbidden) == (isRefused && isThroughProxy))
        }
    }
}
