import Foundation
import HTTPTypes
import Logging
import PostriderJobs
import PostriderTestKit

/// The tour's application at `https://app.example.com`, with its broker, both in this process and on virtual time.
struct AppServer {
    let broker = TestBroker()
    let server: JobServer
    let storage: JobStorage

    init(
        _ routes: JobRoutes,
        storage: JobStorage = .inMemory(),
        identity: any IdentityProvider = TrustingIdentity(),
        configure: (inout JobServer.Configuration) -> Void = { _ in }
    ) throws {
        self.storage = storage
        var configuration = try broker.jobConfiguration(at: "https://app.example.com")
        configure(&configuration)
        server = try JobServer(
            routes,
            configuration: configuration,
            storage: storage,
            identity: identity,
            clock: broker.jobClock,
            randomBytes: broker.jobRandomBytes,
            logger: Logger(label: "tour")
        )
        broker.mount(server, at: "https://app.example.com")
    }

    /// The publisher with the records of the storage.
    var publisher: JobPublisher {
        get throws {
            guard let publisher = server.publisher else { throw CancellationError() }
            return publisher
        }
    }

    /// Asks the server something itself, as user or as the sender of a webhook.
    func ask(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ fields: HTTPFields = [:],
        body: String = ""
    ) async throws -> (status: Int, fields: HTTPFields, json: JSONValue) {
        let head = HTTPRequest(
            method: method,
            scheme: "https",
            authority: "app.example.com",
            path: path,
            headerFields: fields
        )
        let request = JobRequest(head: head, body: RequestBody(Array(body.utf8)), remoteAddress: "203.0.113.7")
        guard let response = await server.respond(to: request) else { throw CancellationError() }
        var json = JSONValue.null
        if case .bytes(let bytes) = response.body { json = JSONValue.parse(bytes) ?? .null }
        return (response.head.status.code, response.head.headerFields, json)
    }
}

/// Believes what the header `User` says, as only a test may.
struct TrustingIdentity: IdentityProvider {
    func identity(of request: JobRequest) -> Identity? {
        HTTPField.Name("User").flatMap { request.head.headerFields[$0] }.map { Identity(userID: $0) }
    }
}

extension HTTPFields {
    /// The header by which ``TrustingIdentity`` knows a user.
    static func user(_ id: String) -> HTTPFields {
        HTTPField.Name("User").map { [$0: id] } ?? [:]
    }

    /// A single field.
    static func one(_ name: String, _ value: String) -> HTTPFields {
        HTTPField.Name(name).map { [$0: value] } ?? [:]
    }
}
