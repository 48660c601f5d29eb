import Foundation
import HTTPTypes
import Logging
import PostriderJobs
import Synchronization
import Testing

/// A server with status endpoints, and users who say in `Authorization` who they are.
struct StatusFixture {
    static let owner = "11111111-1111-4111-8111-111111111111"
    static let started = JobRecordChange.started(attempt: 1, maxRetries: 3, messageID: "msg_1")

    let clock = SteppingClock()
    let storage: JobStorage
    let server: JobServer
    /// The messages that were cancelled.
    let cancelled = Collected<String>()

    init(
        storage: JobStorage = .inMemory(),
        eventStreamsMax: Int = 1_000,
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        identity: any IdentityProvider = AuthorizationIdentity(),
        cancelling failure: (any Error)? = nil,
        routes add: (inout JobRoutes) -> Void = { _ in }
    ) throws {
        self.storage = storage
        var routes = JobRoutes()
        let cancelled = cancelled
        routes.status(
            JobStatusOptions { messageID in
                cancelled.add(messageID)
                if let failure { throw failure }
            }
        )
        add(&routes)
        var configuration = JobServer.Configuration(publicBaseURL: "https://app.example.com")
        configuration.eventStreamsMax = eventStreamsMax
        server = try JobServer(
            routes,
            configuration: configuration,
            storage: storage,
            identity: identity,
            clock: clock,
            randomBytes: { [UInt8](repeating: 7, count: $0) },
            logger: logger
        )
    }

    func send(
        _ method: HTTPRequest.Method,
        _ path: String,
        as user: String? = owner,
        headers: [(HTTPField.Name, String)] = [],
        body: [UInt8] = []
    ) async throws -> JobResponse {
        var head = HTTPRequest(method: method, scheme: "https", authority: "app.example.com", path: path)
        head.headerFields[.authorization] = user
        for (name, value) in headers { head.headerFields[name] = value }
        return try #require(await server.respond(to: JobRequest(head: head, body: RequestBody(body))))
    }

    /// A record, after changes a second apart.
    @discardableResult
    func record(
        _ requestID: String = "request-1",
        userID: String? = owner,
        after changes: [JobRecordChange] = []
    ) async throws -> JobRecord {
        let record = JobRecord(
            id: "00000000-0000-4000-8000-000000000001",
            requestID: requestID,
            jobType: "resize-image",
            userID: userID,
            maxRetries: 3,
            createdAt: clock.now
        )
        try await storage.records.create(record)
        for change in changes {
            guard case .changed = try await apply(change, to: requestID) else {
                Issue.record("\(change) does not apply")
                continue
            }
        }
        return try #require(try await storage.records.record(requestID))
    }

    /// A change, a second later.
    @discardableResult
    func apply(_ change: JobRecordChange, to requestID: String = "request-1") async throws -> JobRecordUpdate {
        clock.advance(by: 1)
        return try await storage.records.apply(change, to: requestID, now: clock.now)
    }
}

extension JobResponse {
    /// The body as JSON.
    var fields: JSONValue? { bytes.flatMap { JSONValue.parse($0) } }

    var bytes: [UInt8]? { if case .bytes(let bytes) = body { bytes } else { nil } }
}

/// Believes `Authorization`: `operator` is one, `unknown` cannot be looked up, anything else is a user id.
struct AuthorizationIdentity: IdentityProvider {
    func identity(of request: JobRequest) async throws -> Identity? {
        switch request.head.headerFields[.authorization] {
        case nil: nil
        case "operator": Identity(userID: "operator", isOperator: true)
        case "unknown": throw JobsError(.storeUnavailable, "the directory is down")
        case .some(let user): Identity(userID: user)
        }
    }
}

/// Values that were given, in their order.
final class Collected<Value: Sendable>: Sendable {
    private let state = Mutex<[Value]>([])

    var values: [Value] { state.withLock { $0 } }

    func add(_ value: Value) { state.withLock { $0.append(value) } }
}

/// Records that cannot be reached for so many calls; remembers who tried.
final class UnreachableRecords: JobRecordStore {
    let calls = Collected<String>()
    private let records: any JobRecordStore
    private let left: Mutex<Int>

    init(_ records: any JobRecordStore = JobStorage.inMemory().records, failures: Int = .max) {
        self.records = records
        left = Mutex(failures)
    }

    private func call(_ name: String) throws -> any JobRecordStore {
        calls.add(name)
        let isDown = left.withLock { left in
            guard left > 0 else { return false }
            left -= 1
            return true
        }
        if isDown { throw JobsError(.storeUnavailable, "the database is down") }
        return records
    }

    func create(_ record: JobRecord) async throws { try await call("create").create(record) }
    func record(_ requestID: String) async throws -> JobRecord? { try await call("record").record(requestID) }
    func apply(_ change: JobRecordChange, to requestID: String, now: Date) async throws -> JobRecordUpdate {
        try await call("apply").apply(change, to: requestID, now: now)
    }
    func stalledRecords(before moment: Date, limit: Int) async throws -> [JobRecord] {
        try await call("stalled").stalledRecords(before: moment, limit: limit)
    }
    func stalledRecords(after record: JobRecord, before moment: Date, limit: Int) async throws -> [JobRecord] {
        try await call("stalled").stalledRecords(after: record, before: moment, limit: limit)
    }
    func watch(_ onChange: @escaping @Sendable (String) -> Void) async throws {
        try await call("watch").watch(onChange)
    }
}
