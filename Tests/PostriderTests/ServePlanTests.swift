import PostriderAPI
import PostriderAddressGuard
import PostriderCore
import Testing

@testable import postrider

@Suite struct ServePlanTests {
    private func plan(_ flags: [String: String], _ environment: [String: String] = [:]) throws -> ServePlan {
        try ServePlan(SettingValues(flags: flags, environment: environment, file: nil))
    }

    @Test(arguments: ["127.0.0.1", "::1", "localhost", "127.9.9.9"])
    func onLoopbackNothingMoreIsAsked(host: String) throws {
        #expect(try plan(["host": host]).isPrivateByDefault)
    }

    @Test(arguments: ["0.0.0.0", "::", "192.0.2.1", "broker.example"])
    func beyondLoopbackTLSOrAProxyIsAsked(host: String) throws {
        let error = #expect(throws: SettingError.self) { try plan(["host": host]) }
        #expect(error?.description.contains("--behind-proxy") == true)
        let proxied = try plan(["host": host, "behind-proxy": "true"])
        #expect(!proxied.isPrivateByDefault)
        #expect(proxied.addresses.privateDestinations == .refuse)
        #expect(!proxied.api.isMetricsOpen)
        #expect(try plan(["host": host, "tls-cert": "c.pem", "tls-key": "k.pem"]).tls != nil)
    }

    @Test func aPublicBaseURLClosesPrivateDestinations() throws {
        let plan = try plan(["public-base-url": "https://broker.example/"])
        #expect(plan.addresses.privateDestinations == .refuse)
        #expect(try self.plan(["public-base-url": "http://localhost:8080"]).isPrivateByDefault)
    }

    @Test func theDevelopmentProfileStaysAtHome() throws {
        #expect(throws: SettingError.self) { try plan(["dev": "true", "host": "0.0.0.0", "behind-proxy": "true"]) }
        let dev = try plan(["dev": "true"])
        #expect(dev.dataPath == "./postrider-dev-data")
        #expect(!dev.resolvesAtPublish)
        #expect(dev.credentials.keys?.current == "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r")
    }

    @Test(arguments: [
        (["tls-cert": "c.pem"], "tls-key"),
        (["allowed-ranges": "10.0.0.0/99"], "allowed-ranges"),
        (["host": "not an address"], "host"),
    ])
    func contradictionsAreNamed(flags: [String: String], name: String) {
        let error = #expect(throws: SettingError.self) { try plan(flags) }
        #expect(error?.description.contains(name) == true)
    }

    @Test func oneSigningKeyIsNotAPair() {
        #expect(throws: SettingError.self) { try plan([:], ["QSTASH_CURRENT_SIGNING_KEY": "sig_a"]) }
    }
}
