import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import PostriderJobs
import Testing

@testable import PostriderJobsHummingbird

/// What the middleware makes of requests and answers, by the router's test client.
@Suite struct MiddlewareTests {
    /// A context that knows where requests come from.
    private struct Context: RequestContext, RemoteAddressRequestContext {
        var coreContext: CoreRequestContextStorage
        var remoteAddress: SocketAddress?

        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            remoteAddress = try? SocketAddress(ipAddress: "192.0.2.7", port: 4_711)
        }
    }

    @Test func whatTheServerDoesNotKnowIsPassedOn() async throws {
        try await Self.test(answer: { _ in nil }) { client in
            let response = try await client.execute(uri: "/mine", method: .get)
            #expect(response.status == .ok)
            #expect(String(buffer: response.body) == "mine")
        }
    }

    @Test func anAnswerGoesOutAsItIs() async throws {
        try await Self.test(answer: { _ in
            JobResponse(
                head: HTTPResponse(status: .init(code: 489), headerFields: [.contentType: "application/json"]),
                body: .bytes(Array(#"{"error":"invalid_request"}"#.utf8))
            )
        }) { client in
            let response = try await client.execute(uri: "/mine", method: .get)
            #expect(response.status.code == 489)
            #expect(response.headers[.contentType] == "application/json")
            #expect(response.headers[.contentLength] == "27")
            #expect(String(buffer: response.body) == #"{"error":"invalid_request"}"#)
        }
    }

    @Test(arguments: ["/api//jobs/x/", "/api/jobs/%2F?next=%2F", "/api/jobs/../jobs"])
    func thePathComesAsItWasSent(path: String) async throws {
        try await Self.test(answer: { Self.echo($0.head.path ?? "") }) { client in
            let response = try await client.execute(uri: path, method: .post)
            #expect(String(buffer: response.body) == path)
        }
    }

    @Test func theAddressComesFromTheContext() async throws {
        try await Self.test(answer: { Self.echo($0.remoteAddress ?? "unknown") }) { client in
            let response = try await client.execute(uri: "/", method: .get)
            #expect(String(buffer: response.body) == "192.0.2.7")
        }
    }

    @Test func aContextThatKnowsItsConnectionAnswersAsAnyOther() async throws {
        let router = Router(context: JobsRequestContext.self)
        router.add(middleware: JobsMiddleware { Task.isCancelled ? nil : Self.echo($0.head.path ?? "") })
        try await Application(router: router).test(.router) { client in
            for path in ["/a", "/b"] {
                let response = try await client.execute(uri: path, method: .post)
                #expect(String(buffer: response.body) == path)
            }
        }
    }

    @Test func anAnswerToHeadHasItsLengthAndNoBody() async throws {
        try await Self.test(answer: { _ in Self.echo("12345") }) { client in
            let response = try await client.execute(uri: "/", method: .head)
            #expect(response.headers[.contentLength] == "5")
            #expect(response.body.readableBytes == 0)
        }
    }

    @Test func notModifiedHasNoLength() async throws {
        try await Self.test(answer: { _ in JobResponse(head: .init(status: .notModified), body: .bytes([])) }) {
            client in
            let response = try await client.execute(uri: "/", method: .get)
            #expect(response.status == .notModified)
            #expect(response.headers[.contentLength] == nil)
        }
    }

    private static func echo(_ text: String) -> JobResponse {
        JobResponse(head: HTTPResponse(status: .ok), body: .bytes(Array(text.utf8)))
    }

    private static func test(
        answer: @escaping @Sendable (JobRequest) async -> JobResponse?,
        _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        let router = Router(context: Context.self)
        router.add(middleware: JobsMiddleware(answer: answer))
        router.get("/mine") { _, _ in "mine" }
        try await Application(router: router).test(.router) { client in try await body(client) }
    }
}
