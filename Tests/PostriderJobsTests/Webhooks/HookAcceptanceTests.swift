import PostriderJobs
import PostriderJobsConformance
import Testing

@Suite struct HookAcceptanceTests {
    @Test(arguments: AcceptanceCase.hooks)
    func holdsInMemory(_ acceptance: AcceptanceCase) async {
        await #expect(throws: Never.self) { try await acceptance.run(.inMemory()) }
    }

    @Test func everyCaseHasANameOfItsOwn() {
        #expect(Set(AcceptanceCase.hooks.map { $0.name }).count == AcceptanceCase.hooks.count)
    }
}
