import Testing

@testable import PostriderJobs

/// Keys come from where the environment says.
@Suite struct SigningKeySourceTests {
    @Test func aDevelopmentServersKeysAreKnown() async throws {
        let keys = try await SigningKeySource.environment(["QSTASH_DEV": "true"]).read()
        #expect(keys.current?.hasPrefix("sig_") == true)
        #expect(keys.next?.hasPrefix("sig_") == true)
        #expect(keys.current != keys.next)
    }

    @Test func withoutVariablesThereAreNone() async throws {
        let keys = try await SigningKeySource.environment(["QSTASH_DEV": "false"]).read()
        #expect(keys.current == nil)
        #expect(keys.next == nil)
    }
}
