import PostriderJobs
import PostriderJobsConformance
import Testing

@Suite struct JobStorageTests {
    @Test(arguments: StorageCheck.all)
    func memoryDoesWhatEveryStorageMust(_ check: StorageCheck) async throws {
        await #expect(throws: Never.self) { try await check.run(on: .inMemory()) }
    }

    @Test func everyCheckHasANameOfItsOwn() {
        #expect(Set(StorageCheck.all.map(\.name)).count == StorageCheck.all.count)
        #expect(StorageCheck.all.count >= 50)
    }
}
