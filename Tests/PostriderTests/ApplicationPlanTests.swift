import PostriderAddressGuard
import PostriderCore
import Testing

@testable import postrider

/// What the settings of applications come to.
@Suite struct ApplicationPlanTests {
    private static let secret = "a secret of at least thirty-two bytes"
    private static let cloud = [
        "POSTRIDER_BROKER_URL": "https://qstash.upstash.io/v2/publish", "QSTASH_TOKEN": "cloud-token",
        "QSTASH_CURRENT_SIGNING_KEY": "sig_cloud1", "QSTASH_NEXT_SIGNING_KEY": "sig_cloud2",
    ]

    private func plan(_ flags: [String: String], _ environment: [String: String] = [:]) throws -> ServePlan {
        try ServePlan(SettingValues(flags: flags, environment: environment, file: nil))
    }

    @Test func applicationsAreNamed() throws {
        #expect(try plan([:]).application.names == [])
        #expect(try plan(["apps": "demo"]).application.names == [.demo])
        let error = #expect(throws: SettingError.self) { try plan(["apps": "demo,shop"]) }
        #expect(error?.description.contains("shop") == true && error?.description.contains("demo") == true)
    }

    @Test func theSecretOfUsersComesFromTheEnvironmentAlone() throws {
        let plan = try plan([:], ["SUPABASE_JWT_SECRET": Self.secret, "POSTRIDER_IDENTITY_JWT_ISSUER": "https://a"])
        #expect(plan.application.tokens?.secrets == [Self.secret])
        #expect(plan.application.tokens?.issuer == "https://a")
        #expect(throws: SettingError.self) { try self.plan(["identity-jwt-secret": Self.secret]) }
        #expect(throws: SettingError.self) { try self.plan(["database-url": "postgres://a:b@c/d"]) }
        let short = #expect(throws: SettingError.self) { try self.plan([:], ["SUPABASE_JWT_SECRET": "shorty"]) }
        #expect(short?.description.contains("shorty") == false)
        #expect(throws: SettingError.self) { try self.plan(["identity-jwt-audience": "a"]) }
    }

    @Test func onlyAServerOfThisMachineHasItsUser() throws {
        #expect(try plan([:]).application.isLocal)
        #expect(try plan(["public-base-url": "http://localhost:9000"]).application.isLocal)
        #expect(try !plan(["public-base-url": "https://app.example"]).application.isLocal)
        #expect(try !plan(["host": "0.0.0.0", "behind-proxy": "true"]).application.isLocal)
    }

    @Test(arguments: [
        (["POSTRIDER_PUBLIC_BASE_URL": "https://a.test", "PUBLIC_BASE_URL": "https://b.test"], "https://a.test"),
        (["PUBLIC_BASE_URL": "", "WEBHOOK_BASE_URL": "https://b.test/"], "https://b.test"),
        (["NEXTAUTH_URL": "https://z.test", "NEXT_PUBLIC_APP_URL": "https://y.test:8443"], "https://y.test:8443"),
        (["VERCEL_PROJECT_PRODUCTION_URL": "x.vercel.app"], "https://x.vercel.app"),
    ])
    func thePublicOriginIsTheFirstThatIsSaid(environment: [String: String], origin: String) throws {
        #expect(try plan(["apps": "demo"], environment).application.publicURL?.text == origin)
    }

    @Test(arguments: [
        ("https://shop.test/api/auth", "https://shop.test"), ("https://shop.test:8443/a?b#c", "https://shop.test:8443"),
        ("shop.test/a", "https://shop.test"), ("http://localhost:3000/", "http://localhost:3000"),
    ])
    func ofAnotherProgramsVariableTheOriginCounts(text: String, origin: String) throws {
        let application = try plan(["apps": "demo"], ["NEXTAUTH_URL": text]).application
        #expect(application.publicURL?.text == origin)
        #expect(application.notices.contains { $0.contains("NEXTAUTH_URL") })
        #expect(application.isLocal == (origin == "http://localhost:3000"))
    }

    @Test func anotherProgramsVariableMovesNoBorderOfTheBrokers() throws {
        for flags in [[:], ["apps": "demo"]] {
            let plan = try plan(flags, ["NEXTAUTH_URL": "https://shop.test/api/auth"])
            #expect(plan.addresses.privateDestinations == .allow && plan.isPrivateByDefault)
        }
        #expect(try plan([:], ["NEXTAUTH_URL": "no url at all"]).application.publicURL == nil)
        let said = try plan(["apps": "demo", "public-base-url": "https://a.test"], ["NEXTAUTH_URL": "https://b.test"])
        #expect(said.application.publicURL?.text == "https://a.test")
        #expect(said.addresses.privateDestinations == .refuse)
    }

    @Test func aBadURLIsCalledByItsVariable() {
        let error = #expect(throws: SettingError.self) {
            try plan(["apps": "demo"], ["NEXTAUTH_URL": "ftp://shop.test"])
        }
        #expect(error?.description.contains("NEXTAUTH_URL") == true)
    }

    @Test func aBrokerAloneUsesNoOtherDatabase() throws {
        let environment = [
            "DATABASE_URL": "postgres://u:hidden@db.test/a", "DATABASE_DIRECT_URL": "postgres://db2.test/a",
        ]
        let alone = try plan([:], environment).application
        #expect(alone.database.isEmpty)
        #expect(alone.notices.contains { $0.contains("DATABASE_URL") && !$0.contains("hidden") })
        let demo = try plan(["apps": "demo"], environment).application
        #expect(demo.database["DATABASE_URL"] == "postgres://u:hidden@db.test/a")
        #expect(demo.notices.isEmpty)
    }

    @Test func theURLOfClientsDoesNotMoveTheServersOwnPublisher() throws {
        let environment = [
            "QSTASH_URL": "https://qstash.upstash.io", "QSTASH_TOKEN": "cloud-token",
            "QSTASH_CURRENT_SIGNING_KEY": "sig_cloud1", "QSTASH_NEXT_SIGNING_KEY": "sig_cloud2",
        ]
        let plan = try plan(["apps": "demo"], environment)
        #expect(plan.application.broker == nil)
        #expect(plan.credentials.token == "cloud-token" && plan.credentials.keys?.current == "sig_cloud1")
        #expect(try self.plan(["apps": "demo"], ["QSTASH_URL": "https://qstash.upstash.io"]).application.broker == nil)
    }

    @Test(arguments: ["https://a.test/path", "ftp://a.test", "https://a.test?x", "//a.test", "https://a.test//", "a b"])
    func aPublicURLIsAnOrigin(text: String) {
        let error = #expect(throws: SettingError.self) { try plan(["public-base-url": text]) }
        #expect(error?.description.contains("public-base-url") == true)
    }

    @Test func anotherBrokersCredentialsAreNotThisServers() throws {
        let plan = try plan(["apps": "demo"], Self.cloud)
        #expect(plan.application.broker?.url == "https://qstash.upstash.io")
        #expect(plan.application.broker?.token == "cloud-token")
        #expect(plan.application.broker?.nextSigningKey == "sig_cloud2")
        #expect(plan.credentials.token == nil && plan.credentials.keys == nil)
    }

    @Test func withoutApplicationsAnotherBrokerMeansNothing() throws {
        let plan = try plan([:], Self.cloud)
        #expect(plan.application.broker == nil)
        #expect(plan.credentials.token == "cloud-token")
    }

    @Test(arguments: [
        ("127.0.0.1", "http://localhost:8080"), ("127.0.0.1", "http://127.0.0.1:8080/"), ("::1", "http://[::1]:8080"),
        ("0.0.0.0", "http://127.0.0.1:8080"),
    ])
    func aURLThatLeadsHereIsThisServer(host: String, url: String) throws {
        let environment = Self.cloud.merging(["POSTRIDER_BROKER_URL": url]) { $1 }
        let plan = try plan(["apps": "demo", "host": host, "behind-proxy": "true"], environment)
        #expect(plan.application.broker == nil)
        #expect(plan.credentials.token == "cloud-token")
    }

    @Test func anotherBrokerNeedsItsCredentials() throws {
        let environment = ["POSTRIDER_BROKER_URL": "https://qstash.upstash.io"]
        let error = #expect(throws: SettingError.self) { try plan(["apps": "demo"], environment) }
        #expect(error?.description.contains("broker-url") == true)
    }

    @Test func withTLSThePublicNameIsNeeded() throws {
        let flags = ["apps": "demo", "tls-cert": "c.pem", "tls-key": "k.pem"]
        let error = #expect(throws: SettingError.self) { try plan(flags) }
        #expect(error?.description.contains("public-base-url") == true)
        let other = #expect(throws: SettingError.self) { try plan(flags, ["NEXTAUTH_URL": "https://shop.test"]) }
        #expect(other?.description.contains("public-base-url") == true)
        #expect(try plan(flags.merging(["public-base-url": "https://a.test"]) { $1 }).tls != nil)
    }
}
