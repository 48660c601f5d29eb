import FoundationEssentials
import HTTPTypes
import PostriderAddressGuard
import QStash

@testable import PostriderCLI

/// A disk as a test wants it.
struct FakeDisk: DiskProbe {
    var facts: FolderFacts? = FolderFacts(
        isFolder: true,
        isWritable: true,
        mode: 0o700,
        freeBytes: 100 << 30,
        fileSystem: "ext4"
    )
    var times: Result<WriteTimes, DiskProbeError> = .success(
        WriteTimes(synced: [.milliseconds(2), .milliseconds(1), .seconds(9)], unsynced: [.microseconds(3)])
    )

    func folder(at path: String) async -> FolderFacts? { facts }

    func writeTimes(in path: String) async throws(DiskProbeError) -> WriteTimes { try times.get() }
}

/// Names as a test wants them.
struct FakeResolver: HostResolving {
    var resolution = HostResolution.addresses([IPAddress(v4: 0x7F00_0001)])

    func resolve(host: String) async -> HostResolution { resolution }
}

/// Connections as a test wants them, by address.
struct FakeDialer: Dialer {
    var outcome = DialOutcome.connected
    var outcomes: [String: DialOutcome] = [:]

    func dial(_ address: IPAddress, port: Int, timeout: Duration) async -> DialOutcome {
        outcomes[address.text] ?? outcome
    }
}

extension DoctorFacts {
    /// What is known after the server answered with its keys.
    static func afterAnswer(
        url: String = "http://127.0.0.1:8080",
        fields: HTTPFields = HTTPFields(),
        context: TestContext = TestContext()
    ) throws -> DoctorFacts {
        let client = try QStashClient(
            token: "t",
            baseURL: url,
            configuration: .init(retry: .never),
            transport: context.value.transport
        )
        var facts = DoctorFacts()
        facts.access = ServerAccess(client: client, origin: .init("QSTASH_TOKEN"))
        facts.keys = SigningKeyPair(current: TestContext.currentKey, next: TestContext.nextKey)
        facts.exchange = Exchange(
            head: HTTPResponse(status: .ok, headerFields: fields),
            body: Array(TestContext.keysAnswer.utf8),
            sentAt: TestContext.now,
            receivedAt: TestContext.now.addingTimeInterval(0.5)
        )
        return facts
    }
}
