import Crypto
import Foundation
import HTTPTypes
import Measurement
import PostriderJobs

/// Deliveries of a job that does nothing, each of another message, signed before the clock runs.
struct DeliveryLoad: Sendable {
    /// What the job is told: about 1 KiB.
    private struct Nothing: JobParameters {
        static let jobName = "nothing"
        var text: String
    }

    private static let key = "sig_benchmarkCurrent00000000000000"
    private static let origin = "https://app.example.com"

    private let server: JobServer
    private let body: [UInt8]

    init(storage: JobStorage) throws {
        var routes = JobRoutes()
        routes.job(Nothing.self) { _, _ in .done }
        var configuration = JobServer.Configuration(publicBaseURL: Self.origin)
        configuration.signingKeys = .fixed(current: Self.key, next: Self.key)
        self.server = try JobServer(routes, configuration: configuration, storage: storage)
        self.body = Array(try JSONEncoder().encode(Nothing(text: String(repeating: "x", count: 1_000))))
    }

    /// Microseconds of processor time that one delivery costs.
    @discardableResult
    func run(_ count: Int, width: Int) async throws -> Double {
        let requests = try (0..<count).map { _ in try request() }
        let before = ProcessorTime.microseconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            for lane in 0..<width {
                group.addTask {
                    for index in stride(from: lane, to: count, by: width) {
                        let response = await server.respond(to: requests[index])
                        precondition(response?.head.status == .ok, "the delivery was not accepted")
                    }
                }
            }
            try await group.waitForAll()
        }
        return (ProcessorTime.microseconds - before) / Double(count)
    }

    private func request() throws -> JobRequest {
        var fields = HTTPFields()
        for (name, value) in [
            ("Upstash-Signature", try signature()), ("Upstash-Message-Id", "msg_\(UUID().uuidString)"),
            ("Upstash-Retried", "0"), ("Content-Type", "application/json"), ("Content-Length", "\(body.count)"),
        ] {
            guard let name = HTTPField.Name(name) else { continue }
            fields[name] = value
        }
        return JobRequest(
            head: HTTPRequest(
                method: .post,
                scheme: "https",
                authority: "app.example.com",
                path: "/api/jobs/nothing",
                headerFields: fields
            ),
            body: RequestBody(body)
        )
    }

    private func signature() throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        let claims: [String: Any] = [
            "iss": "Upstash", "sub": "\(Self.origin)/api/jobs/nothing", "iat": now, "nbf": now, "exp": now + 300,
            "jti": UUID().uuidString, "body": Self.base64URL(Data(SHA256.hash(data: body))),
        ]
        let header = Self.base64URL(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let payload = Self.base64URL(
            try JSONSerialization.data(withJSONObject: claims, options: .withoutEscapingSlashes)
        )
        let code = HMAC<SHA256>.authenticationCode(
            for: Data("\(header).\(payload)".utf8),
            using: SymmetricKey(data: Data(Self.key.utf8))
        )
        return "\(header).\(payload).\(Self.base64URL(Data(code)))"
    }

    private static func base64URL(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
