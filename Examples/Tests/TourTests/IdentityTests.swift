import HTTPTypes
import PostriderJobs
import PostriderTestKit
import Testing
import Tour

/// Users are known as the tour says.
@Suite struct IdentityTests {
    private func request(_ fields: HTTPFields, host: String = "app.example.com") -> JobRequest {
        JobRequest(
            head: HTTPRequest(method: .get, scheme: "https", authority: host, path: "/", headerFields: fields),
            remoteAddress: "127.0.0.1"
        )
    }

    @Test func aTokenNamesItsUser() throws {
        let identity = try IdentityTour.tokens("a secret of at least 32 characters", TestBroker().jobClock)
        let token = try IdentityTour.token(identity)
        #expect(identity.identity(of: request([.authorization: "Bearer \(token)"])) == Identity(userID: "user-7"))
        #expect(identity.identity(of: request([.authorization: "Bearer \(token)x"])) == nil)
        #expect(identity.identity(of: request([:])) == nil)
    }

    @Test func aSessionNamesItsUser() async throws {
        let identity = IdentityTour.sessions({ $0 == "abc" ? "user-7" : nil })
        #expect(try await identity.identity(of: request([.cookie: "session=abc"])) == Identity(userID: "user-7"))
        #expect(try await identity.identity(of: request([.cookie: "session=xyz"])) == nil)
    }

    @Test func theLocalUserIsKnownOnTheMachineAlone() async throws {
        let server = try IdentityTour.local(ProgressTour.routes(ImageShelf()))
        for (host, status) in [("127.0.0.1:3000", 404), ("evil.example.com", 401)] {
            var request = request([:], host: host)
            request.head.path = "/api/jobs/unknown"
            #expect(await server.respond(to: request)?.head.status.code == status)
        }
    }
}
