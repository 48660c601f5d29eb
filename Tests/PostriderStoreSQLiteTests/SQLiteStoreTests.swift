import PostriderStoreConformance
import Testing

@Suite struct SQLiteStoreTests {
    @Test(arguments: StoreCheck.all)
    func conforms(to check: StoreCheck) async throws {
        try await check.run(on: TemporaryStore().harness)
    }
}
