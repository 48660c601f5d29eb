import HTTPTypes
import PostriderAddressGuard
import PostriderBroker
import PostriderCore
import PostriderSimulation
import PostriderTestKit
import QStashWire
import Testing

@testable import PostriderAPI

/// The interface over a real broker, on virtual time and without a socket.
///
/// Calls are answered where the test runs; deliveries happen only while ``deliver(forMilliseconds:)`` drives them.
final class TestService: Sendable {
    /// An answer, with its body as bytes and as JSON.
    struct Answer: Sendable {
        var status: Int
        var fields: HTTPFields
        var body: [UInt8]

        var json: AnswerValue { get throws { try AnswerValue(parsing: body) } }

        /// The `code` of an error; nil when the body is none.
        var code: String? { (try? json)?["code"]?.text }
    }

    typealias Script = @Sendable (DeliveryRequest) -> ScriptedDestination.Reply

    /// Where the clock begins.
    static let begin: Int64 = 1_760_000_000_000
    static let token = "full-secret"
    static let readOnlyToken = "reading-secret"
    static let otherToken = "secret-of-another"
    /// Has characters that a query writes in more than one way.
    static let oddToken = "a+b/c="
    static let peer = "203.0.113.9"
    static let storeID = StoreID(rawValue: 0x0123_4567_89ab_cdef)

    let clock = VirtualClock(now: Timestamp(milliseconds: TestService.begin))
    private let engine: TestBrokerEngine

    var store: FaultyStore { engine.store }
    var destination: ScriptedDestination { engine.destination }
    var broker: Broker { engine.broker }

    /// Long enough for the default back-off of every retry.
    private static let patienceMilliseconds: Int64 = 40 * 86_400_000

    /// - Parameter isPrivateByDefault: Whether private destinations are allowed only for want of a setting.
    init(
        settings: APISettings = APISettings(),
        brokerSettings: Broker.Settings = Broker.Settings(),
        privateDestinations: AddressPolicy.PrivateDestinations = .allow,
        isPrivateByDefault: Bool = false,
        isReady: Bool = true,
        script: @escaping Script = { _ in .status(200) }
    ) {
        var configuration = TestBrokerEngine.Configuration(
            seed: 2,
            storeID: Self.storeID,
            tokens: [
                .init(account: .standard, secret: Self.token, access: .full),
                .init(account: .standard, secret: Self.readOnlyToken, access: .readOnly),
                .init(account: .standard, secret: Self.oddToken, access: .full),
                .init(account: Account(name: "other"), secret: Self.otherToken, access: .full),
            ]
        )
        configuration.api = settings
        configuration.broker = brokerSettings
        configuration.privateDestinations = privateDestinations
        configuration.isPrivateByDefault = isPrivateByDefault
        configuration.isReady = isReady
        let driver = SimulationDriver(random: SeededRandom(seed: 1), clock: clock)
        engine = TestBrokerEngine(configuration, driver: driver, script: script)
    }

    deinit {
        engine.stop()
    }

    /// A destination that answers 500 to the first attempts of each message, after 250 ms, and 200 then.
    static func failing(times: Int) -> Script {
        { request in
            let retried = request.headers.first { $0.isNamed("Upstash-Retried") }.flatMap { Int($0.value) } ?? 0
            guard retried < times else { return .status(200) }
            return .status(
                500,
                headers: [.init(name: "X-Why", value: "because")],
                body: Array("no".utf8),
                afterMilliseconds: 250
            )
        }
    }

    /// Sends a request with a body in memory.
    func send(
        _ method: HTTPRequest.Method,
        _ target: String,
        token: String? = TestService.token,
        headers: KeyValuePairs<String, String> = [:],
        body: String = "",
        peer: String? = TestService.peer
    ) async -> Answer {
        await send(
            method,
            target,
            token: token,
            headers: headers,
            reader: BytesReader(Array(body.utf8)),
            peer: peer
        )
    }

    /// Sends a request; a nil token leaves `Authorization` out.
    func send(
        _ method: HTTPRequest.Method,
        _ target: String,
        token: String? = TestService.token,
        headers: KeyValuePairs<String, String> = [:],
        reader: any RequestBodyReader,
        peer: String? = TestService.peer
    ) async -> Answer {
        var fields = HTTPFields(headers)
        if let token { fields[.authorization] = "Bearer \(token)" }
        let request = APIRequest(method: method, target: target, fields: fields, body: reader, peer: peer)
        let response = await engine.respond(to: request)
        return Answer(status: response.status.code, fields: response.fields, body: response.body)
    }

    /// Publishes and returns the message's id.
    func publish(
        _ url: String = "https://a.test/x",
        headers: KeyValuePairs<String, String> = [:],
        body: String = "",
        token: String = TestService.token
    ) async throws -> String {
        let answer = await send(.post, "/v2/publish/\(url)", token: token, headers: headers, body: body)
        try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
        return try #require(try answer.json["messageId"]?.text)
    }

    /// Delivers for a while, or until nothing is left to do when no time is given.
    func deliver(forMilliseconds duration: Int64? = nil) async throws {
        if let duration {
            try await engine.advance { $0.adding(milliseconds: duration) }
        } else {
            try await engine.settle { $0.adding(milliseconds: Self.patienceMilliseconds) }
        }
    }

    /// Reads a list to its end, a page at a time.
    func walk(_ path: String, query: String, count: Int, key: String) async throws -> [AnswerValue] {
        var entries: [AnswerValue] = []
        var cursor = ""
        for _ in 0..<1_000 {
            let answer = await send(.get, "\(path)?\(query)&count=\(count)&cursor=\(cursor)")
            try #require(answer.status == 200, "\(String(decoding: answer.body, as: UTF8.self))")
            let page = try #require(try answer.json[key]?.elements)
            try #require(page.count <= count)
            entries += page
            guard let next = try answer.json["cursor"]?.text else { return entries }
            cursor = next
        }
        Issue.record("\(path) has no end")
        return entries
    }
}

extension HTTPFields {
    /// Fields from a literal, in order, names repeated as they are.
    init(_ headers: KeyValuePairs<String, String>) {
        self.init()
        for (name, value) in headers {
            guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no field name") }
            append(HTTPField(name: name, value: value))
        }
    }
}
