import HTTPTypes
import PostriderAddressGuard
import PostriderSimulation
import Testing

@testable import PostriderAPI

@Suite struct ForbiddenAddressTests {
    private static let inward = [
        "http://127.0.0.1/", "http://10.1.2.3:8080/x", "http://[::1]/", "http://[::ffff:10.0.0.1]/",
        "http://0x7f000001/", "http://2130706433/", "http://169.254.169.254/latest",
    ]

    @Test(arguments: inward)
    func neitherMessageNorCallbackGoesToAForbiddenAddress(url: String) async throws {
        let service = TestService(privateDestinations: .refuse)
        let attempts: [(String, KeyValuePairs<String, String>)] = [
            (url, [:]),
            ("https://a.test", ["Upstash-Callback": url]),
            ("https://a.test", ["Upstash-Failure-Callback": url]),
        ]
        for (destination, headers) in attempts {
            let answer = await service.send(.post, "/v2/publish/\(destination)", headers: headers)
            #expect(answer.status == 400)
            #expect(answer.code == "destination_forbidden")
        }
        let batch = """
            [{"destination":"\(url)"},
             {"destination":"https://a.test","headers":{"Upstash-Callback":"\(url)"}},
             {"destination":"https://a.test","headers":{"Upstash-Failure-Callback":"\(url)"}}]
            """
        let answer = await service.send(.post, "/v2/batch", body: batch)
        #expect(answer.status == 200)
        let codes = try answer.json.elements?.map { $0["code"] }
        #expect(codes == Array(repeating: "destination_forbidden", count: 3))
        #expect(try await service.store.pendingCount() == 0)
    }

    @Test func privateAddressesOpenForWantOfASettingAreShutToProxies() async throws {
        let service = TestService(isPrivateByDefault: true)
        let target = "/v2/publish/http://127.0.0.1:9/x"
        #expect(await service.send(.post, target).status == 200)
        for name in ["X-Forwarded-For", "X-Forwarded-Proto", "Forwarded", "Via"] {
            let headers = KeyValuePairs(dictionaryLiteral: (name, "198.51.100.7"))
            let answer = await service.send(.post, target, headers: headers)
            #expect(answer.status == 400)
            #expect(answer.code == "destination_forbidden")
        }
        #expect(try await service.store.pendingCount() == 1)
    }
}
