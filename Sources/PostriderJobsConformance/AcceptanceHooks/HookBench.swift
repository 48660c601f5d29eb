import HTTPTypes
import Logging
import PostriderJobs
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A server with hooks on the storage under test, and a sender that knows the secret.
struct HookBench: Sendable {
    /// What a server answered.
    struct Answer: Sendable {
        let status: Int
        let fields: HTTPFields
        let body: JSONValue

        func field(_ name: String) -> String? { HTTPField.Name(name).flatMap { fields[$0] } }
    }

    static let secret = "a-secret-of-more-than-thirty-two-characters"
    static let origin = "https://app.example.com"

    let clock = ManualJobClock(now: Date(timeIntervalSince1970: 1_772_438_400))
    let server: JobServer

    /// - Parameters:
    ///   - configure: Changes the server's configuration.
    ///   - routes: Adds the hooks.
    init(
        _ storage: JobStorage,
        logger: Logger = Logger(label: "acceptance") { _ in SwiftLogNoOpLogHandler() },
        configure: (inout JobServer.Configuration) -> Void = { _ in },
        routes: (inout JobRoutes) -> Void
    ) throws {
        var added = JobRoutes()
        routes(&added)
        var configuration = JobServer.Configuration(
            publicBaseURL: Self.origin,
            signingKeys: .fixed(current: Self.secret)
        )
        configure(&configuration)
        server = try JobServer(
            added,
            configuration: configuration,
            storage: storage,
            identity: NoIdentity(),
            clock: clock,
            randomBytes: Self.bytes,
            logger: logger
        )
    }

    /// What tells claims apart need not be unguessable here, but must differ, also between two servers on one storage.
    private static let drawn = JobBench.Tally()

    @Sendable
    private static func bytes(_ count: Int) -> [UInt8] {
        let number = UInt64(drawn.next())
        return (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * ($0 % 8))) }
    }

    /// A server with one hook, whose handler notes the keys of its events.
    init(
        _ storage: JobStorage,
        hook: String,
        table: String? = nil,
        secret: String? = Self.secret,
        noting seen: HookNotes = HookNotes(),
        handler: @escaping @Sendable (DatabaseEvent, WebhookContext) async throws -> WebhookOutcome = { _, _ in .done }
    ) throws {
        try self.init(storage) { routes in
            routes.databaseWebhook(hook, table: table, signature: .hmac(secret)) { event, context in
                seen.add(context.eventKey)
                return try await handler(event, context)
            }
        }
    }

    /// Sends a body to a hook, signed unless a signature is given.
    ///
    /// - Parameters:
    ///   - signature: Nil for a right one, empty for none.
    ///   - address: Nil for one of the hook's own: cases must not use up each other's rate limit.
    func send(
        _ body: String,
        to hook: String,
        signature: String? = nil,
        address: String? = nil,
        fields: HTTPFields = [:]
    ) async throws -> Answer {
        let bytes = Array(body.utf8)
        var fields = fields
        let signature = try signature ?? HMACSignature(secret: Self.secret).sign(bytes)
        if !signature.isEmpty { fields[try fieldName("X-Signature-HMAC")] = signature }
        return try await send(bytes, to: hook, fields: fields, address: address)
    }

    /// Sends a body to a hook with nothing but these header fields.
    func send(_ bytes: [UInt8], to hook: String, fields: HTTPFields, address: String? = nil) async throws -> Answer {
        let request = JobRequest(
            head: HTTPRequest(
                method: .post,
                scheme: "https",
                authority: "app.example.com",
                path: "/api/hooks/\(hook)",
                headerFields: fields
            ),
            body: RequestBody(bytes),
            remoteAddress: address ?? "sender of \(hook)"
        )
        guard let response = await server.respond(to: request) else {
            throw AcceptanceViolation("no route for \(hook)")
        }
        guard case .bytes(let answer) = response.body, let json = JSONValue.parse(answer) else {
            throw AcceptanceViolation("the answer is not JSON")
        }
        return Answer(status: response.head.status.code, fields: response.head.headerFields, body: json)
    }

    private func fieldName(_ name: String) throws -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { throw AcceptanceViolation("\(name) is no field name") }
        return name
    }
}

/// What a handler was called with.
final class HookNotes: Sendable {
    private let notes = Mutex<[String]>([])

    func add(_ note: String) { notes.withLock { $0.append(note) } }

    var all: [String] { notes.withLock { $0 } }
}

extension HookBench.Answer {
    /// Fails unless the answer has this status and exactly this body.
    func demand(_ status: Int, _ body: JSONValue, _ what: String) throws {
        try expect(self.status, is: status, "\(what): status")
        try expect(self.body, is: body, "\(what): body")
        for name in ["X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"] {
            try expect(field(name).flatMap { Int64($0) } != nil, "\(what): no \(name)")
        }
    }

    /// Fails unless the answer is a refusal of this kind.
    func demand(_ status: Int, _ code: String, _ error: String, _ what: String) throws {
        try demand(status, ["code": .string(code), "error": .string(error)], what)
    }
}
