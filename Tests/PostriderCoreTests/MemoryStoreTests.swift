import PostriderCore
import PostriderStoreConformance
import Testing

@Suite struct MemoryStoreTests {
    @Test(arguments: StoreCheck.all)
    func conforms(to check: StoreCheck) async throws {
        let store = MemoryStore(storeID: StoreID(rawValue: 7))
        try await check.run(on: StoreHarness { store })
    }
}
