import HTTPTypes
import PostriderJobsConformance
import Testing

@testable import PostriderJobs

@Suite struct RouteTableTests {
    private struct Fixed: Endpoint {
        let method: HTTPRequest.Method
        let path: RoutePath

        init(_ method: HTTPRequest.Method, _ path: String) {
            self.method = method
            self.path = RoutePath(path)
        }

        func respond(
            to request: JobRequest,
            parameters: [String: String],
            in environment: JobEnvironment
        ) async -> JobResponse {
            JobAnswer(status: 200, fields: parameters.mapValues { .string($0) }).response
        }
    }

    private func match(_ table: RouteTable, _ method: String, _ path: String) -> String {
        switch table.match(method: method, path: path[...]) {
        case .none: "none"
        case .wrongMethod(let allowed): "not \(allowed.joined(separator: ","))"
        case .endpoint(let endpoint, let parameters):
            "\(endpoint.path.text) \(parameters.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))"
        }
    }

    @Test func pathsMatchVerbatim() throws {
        let table = try RouteTable([
            Fixed(.post, "/api/jobs/a"), Fixed(.get, "/api/jobs/{requestId}"), Fixed(.delete, "/api/jobs/{id}"),
            Fixed(.get, "/api/jobs/{requestId}/events"),
        ])
        #expect(match(table, "POST", "/api/jobs/a") == "/api/jobs/a ")
        #expect(match(table, "GET", "/api/jobs/b") == "/api/jobs/{requestId} requestId=b")
        #expect(match(table, "DELETE", "/api/jobs/b") == "/api/jobs/{id} id=b")
        #expect(match(table, "GET", "/api/jobs/a%2Fb%20c") == "/api/jobs/{requestId} requestId=a/b c")
        #expect(match(table, "GET", "/api/jobs/b/events") == "/api/jobs/{requestId}/events requestId=b")
        #expect(match(table, "POST", "/api/jobs/b") == "not DELETE,GET")
        for path in [
            "/api/jobs/", "/api/jobs/a/", "//api/jobs/a", "/api/jobs", "/api/jobs//events", "/api/jobs/%zz", "/",
        ] {
            #expect(match(table, "GET", path) == "none", "\(path)")
        }
    }

    @Test func theMethodDecidesAmongAllRoutesThatHaveThePath() throws {
        let table = try RouteTable([
            Fixed(.get, "/api/jobs/{requestId}"), Fixed(.delete, "/api/{kind}/countdown"), Fixed(.put, "/api/{a}/{b}"),
            Fixed(.post, "/api/jobs/countdown"), Fixed(.get, "/api/{kind}/{id}"),
        ])
        #expect(match(table, "POST", "/api/jobs/countdown") == "/api/jobs/countdown ")
        #expect(match(table, "GET", "/api/jobs/countdown") == "/api/jobs/{requestId} requestId=countdown")
        #expect(match(table, "DELETE", "/api/jobs/countdown") == "/api/{kind}/countdown kind=jobs")
        #expect(match(table, "PUT", "/api/jobs/countdown") == "/api/{a}/{b} a=jobs,b=countdown")
        #expect(match(table, "GET", "/api/users/countdown") == "/api/{kind}/{id} id=countdown,kind=users")
        #expect(match(table, "PATCH", "/api/jobs/countdown") == "not DELETE,GET,POST,PUT")
    }

    @Test func twoRoutesForOneRequestAreRefused() {
        #expect(throws: JobsError.self) { _ = try RouteTable([Fixed(.get, "/a"), Fixed(.get, "/a")]) }
        #expect(throws: JobsError.self) { _ = try RouteTable([Fixed(.get, "/{a}"), Fixed(.get, "/{b}")]) }
        #expect(throws: JobsError.self) { _ = try RouteTable([Fixed(.get, "a")]) }
    }

    @Test func aWrongMethodIsAnsweredWithThoseThereAre() async throws {
        let bench = try JobBench("method", .inMemory())
        var request = bench.delivery().request(issuedAt: bench.clock.now)
        request.head.method = .get
        let response = try #require(await bench.server.respond(to: request))
        #expect(response.status == 405)
        #expect(response.field("Allow") == "POST")
        #expect(response.json?["error"] == "method_not_allowed")
        request.head.path = "/elsewhere"
        let none = await bench.server.respond(to: request)
        #expect(none == nil)
    }
}
