import PostriderSQL
import Testing

@Suite struct ConformanceTests {
    @Test(arguments: SQLBackend.allCases, SQLCheck.all)
    func conforms(backend: SQLBackend, check: SQLCheck) async throws {
        let bed = try await backend.open()
        await #expect(throws: Never.self) { try await check.body(bed) }
        try await bed.end()
    }
}
