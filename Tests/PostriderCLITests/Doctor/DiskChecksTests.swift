import FoundationEssentials
import Testing

@testable import PostriderCLI

@Suite struct DiskChecksTests {
    private func folder(
        isSaid: Bool = true,
        url: String = "https://q.example.com",
        _ disk: FakeDisk
    ) async throws -> DoctorFinding {
        var facts = try DoctorFacts.afterAnswer(url: url)
        return await DataFolderCheck(path: "/data", isSaid: isSaid, probe: disk).run(&facts)
    }

    private func facts(_ change: (inout FolderFacts) -> Void) throws -> FakeDisk {
        var facts = try #require(FakeDisk().facts)
        change(&facts)
        return FakeDisk(facts: facts)
    }

    @Test func aGoodFolderPasses() async throws {
        #expect(try await folder(FakeDisk()) == .passed("/data is writable, 100 GiB free, on ext4"))
    }

    @Test func theFolderOfAServerElsewhereIsNotLookedForHere() async throws {
        #expect(try await folder(isSaid: false, FakeDisk()).outcome == .skipped)
        #expect(try await folder(isSaid: false, url: "http://localhost:8080", FakeDisk()).outcome == .passed)
    }

    @Test func aMissingFolderFailsOnlyWhenItWasNamed() async throws {
        #expect(try await folder(FakeDisk(facts: nil)).outcome == .failed)
        let guessed = try await folder(isSaid: false, url: "http://127.0.0.1:1", FakeDisk(facts: nil))
        #expect(guessed.outcome == .skipped)
        #expect(guessed.advice?.contains("--data") == true)
    }

    @Test func whatCannotHoldDataFails() async throws {
        #expect(try await folder(facts { $0.isFolder = false }).outcome == .failed)
        #expect(try await folder(facts { $0.isWritable = false }).outcome == .failed)
        #expect(try await folder(facts { $0.freeBytes = 1 << 20 }).outcome == .failed)
    }

    @Test(arguments: [
        ("tmpfs", DoctorFinding.Outcome.failed), ("ramfs", .failed), ("overlay", .warning), ("nfs4", .warning),
        ("cifs", .warning), ("fuse.sshfs", .warning), ("9p", .warning), ("xfs", .passed), ("btrfs", .passed),
    ])
    func fileSystemsThatDoNotKeepDataAreTold(type: String, outcome: DoctorFinding.Outcome) async throws {
        let finding = try await folder(facts { $0.fileSystem = type })
        #expect(finding.outcome == outcome)
        #expect(finding.detail.contains(type))
    }

    @Test func littleRoomAndOpenFoldersAreWarnedOf() async throws {
        let small = try await folder(facts { $0.freeBytes = 500 << 20 })
        #expect(small.outcome == .warning)
        #expect(small.detail.contains("500 MiB"))
        let open = try await folder(facts { $0.mode = 0o755 })
        #expect(open.outcome == .warning)
        #expect(open.advice?.contains("chmod 700") == true)
    }

    private func disk(_ synced: [Duration], _ unsynced: [Duration]) async throws -> DoctorFinding {
        var facts = DoctorFacts()
        let probe = FakeDisk(times: .success(WriteTimes(synced: synced, unsynced: unsynced)))
        return await DiskCheck(path: "/data", probe: probe).run(&facts)
    }

    @Test func syncsThatTakeTimePass() async throws {
        let finding = try await disk([.milliseconds(1), .milliseconds(2), .seconds(9)], [.microseconds(3)])
        #expect(finding == .passed("4 KiB are kept in 2 ms, and written without waiting in 3 µs (medians)"))
    }

    @Test(arguments: [
        (Duration.microseconds(3), Duration.microseconds(2)), (.microseconds(150), .microseconds(100)), (.zero, .zero),
    ])
    func syncsThatDoNothingAreWarnedOf(synced: Duration, unsynced: Duration) async throws {
        let finding = try await disk([synced], [unsynced])
        #expect(finding.outcome == .warning)
        #expect(finding.detail.contains("a sync seems to do nothing"))
    }

    @Test func slowDisksAreWarnedOf() async throws {
        #expect(try await disk([.milliseconds(80)], [.microseconds(3)]).outcome == .warning)
    }

    @Test func aDiskThatCannotBeWrittenFails() async throws {
        var facts = DoctorFacts()
        let probe = FakeDisk(times: .failure(DiskProbeError("Input/output error")))
        let finding = await DiskCheck(path: "/data", probe: probe).run(&facts)
        #expect(finding.outcome == .failed)
        #expect(finding.detail.contains("Input/output error"))
    }

    @Test func theSystemsDiskIsMeasuredAndLeftAsItWas() async throws {
        let path = FileManager.default.temporaryDirectory.path + "/postrider-disk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let probe = SystemDiskProbe()
        let facts = try #require(await probe.folder(at: path))
        #expect(facts.isFolder && facts.isWritable)
        #expect(facts.freeBytes > 0)
        let times = try await probe.writeTimes(in: path)
        #expect(!times.synced.isEmpty && !times.unsynced.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: path).isEmpty)
        #expect(await probe.folder(at: path + "/nothing") == nil)
        await #expect(throws: DiskProbeError.self) { try await probe.writeTimes(in: path + "/nothing") }
    }

    @Test(arguments: [
        ("/", "ext4"), ("/data", "xfs"), ("/data/postrider", "xfs"), ("/database", "ext4"), ("/data/fast", "tmpfs"),
        ("/mnt/a b/x", "nfs4"), ("/twice/x", "btrfs"),
    ])
    func theMountThatCountsIsTheLongestAndTheLast(path: String, expected: String) {
        let table = MountTable(
            """
            /dev/a / ext4 rw 0 0
            /dev/b /data xfs rw 0 0
            tmpfs /data/fast tmpfs rw 0 0
            host:/x /mnt/a\\040b nfs4 rw 0 0
            tmpfs /twice tmpfs rw 0 0
            /dev/c /twice btrfs rw 0 0
            broken
            """
        )
        #expect(table.fileSystem(of: path) == expected)
    }
}
