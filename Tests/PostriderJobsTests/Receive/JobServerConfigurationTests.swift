import Logging
import PostriderJobs
import PostriderJobsConformance
import QStash
import Testing

@Suite struct JobServerConfigurationTests {
    @Test(arguments: [
        "https://app.example.com/", "https://app.example.com/path", "app.example.com", "ftp://app.example.com",
        "https://",
        "https://user@app.example.com", "https://app.example.com?x", "https:// app",
    ])
    func originsThatAreNoneAreRefused(origin: String) {
        let configuration = JobServer.Configuration(publicBaseURL: origin, signingKeys: .fixed(current: "a"))
        #expect(throws: JobsError.self) {
            _ = try JobServer(JobRoutes(), configuration: configuration, storage: .inMemory())
        }
    }

    @Test(arguments: ["https://app.example.com", "http://localhost:3000", "http://[::1]:80"])
    func originsAreAccepted(origin: String) {
        let configuration = JobServer.Configuration(publicBaseURL: origin, signingKeys: .fixed(current: "a"))
        #expect(throws: Never.self) {
            _ = try JobServer(JobRoutes(), configuration: configuration, storage: .inMemory())
        }
    }

    @Test func environmentGivesOriginKeysAndPublisher() throws {
        let configuration = try JobServer.Configuration(environment: [
            "PUBLIC_BASE_URL": "https://app.example.com/", "TRUST_PROXY": "true", "TELEMETRY_HASH_SECRET": "s",
            "QSTASH_TOKEN": "t", "QSTASH_URL": "https://broker.example.com/v2/publish/",
        ])
        #expect(configuration.publicBaseURL == "https://app.example.com")
        #expect(configuration.trustsProxy)
        #expect(configuration.telemetryHashSecret == "s")
        #expect(configuration.publisher?.client.baseURL == "https://broker.example.com")
        #expect(!"\(configuration)".contains("hash"))
        #expect(try JobServer.Configuration(environment: [:]).publisher == nil)
    }

    @Test func optionsThatCannotWorkAreRefused() {
        for options in [
            JobOptions<Note>(bodyBytesMax: 0), JobOptions(lockTTL: .milliseconds(10)), JobOptions(timeout: .zero),
            JobOptions(lockTTL: .seconds(600), reservationTTL: .seconds(300)),
        ] {
            #expect(throws: JobsError.self) { _ = try JobBench("options", .inMemory(), options: options) }
        }
    }

    @Test func keysOfTheConfigurationAreNeverShown() {
        let configuration = JobServer.Configuration(
            publicBaseURL: "https://app.example.com",
            signingKeys: .fixed(current: "sig_very_secret")
        )
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!dumped.contains("sig_very_secret"))
        #expect(!"\(configuration)".contains("sig_very_secret"))
    }
}
