import PostriderJobs
import PostriderJobsConformance
import Testing

/// Every case of the reference on storage in memory; other storages run the same ones.
@Suite struct JobAcceptanceTests {
    @Test(arguments: AcceptanceCase.jobs)
    func holds(_ acceptance: AcceptanceCase) async {
        await #expect(throws: Never.self) { try await acceptance.run(.inMemory()) }
    }

    @Test func namesAreUnique() {
        let names = AcceptanceCase.jobs.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
