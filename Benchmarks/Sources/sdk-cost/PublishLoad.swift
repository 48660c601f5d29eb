import AsyncHTTPClient
import HTTPTypes
import Measurement
import NIOCore
import NIOHTTP1
import QStash

/// Publishes of 1 KiB, by the bare HTTP client, by the SDK over the same client, and by the SDK over nothing.
struct PublishLoad {
    let client: HTTPClient
    private let server: String
    private let body = [UInt8](repeating: UInt8(ascii: "x"), count: 1_024)
    private let destination = "https://api.example.com/orders?shop=7"
    private let sdk: QStashClient
    private let detached: QStashClient
    private let options = PublishOptions(
        headers: [.accept: "application/json"],
        retries: 5,
        timeout: .seconds(30),
        deduplication: .contentBased,
        labels: ["billing", "eu"]
    )

    /// How many are under way at once.
    private static let width = 16

    init(server: String) throws {
        self.server = server
        self.client = HTTPClient(
            eventLoopGroupProvider: .singleton,
            configuration: HTTPClient.Configuration(redirectConfiguration: .disallow)
        )
        self.sdk = try QStashClient(token: "benchmark", baseURL: server, transport: HTTPClientTransport(client))
        self.detached = try QStashClient(token: "benchmark", baseURL: server, transport: ImmediateTransport())
    }

    /// Microseconds of processor time a publish costs by the bare client, the same bytes going out and coming in.
    func bare(_ count: Int) async throws -> Double {
        let url = "\(server)/v2/publish/\(destination)"
        return try await measured(count) {
            var request = HTTPClientRequest(url: url)
            request.method = .POST
            request.headers = [
                "content-type": "application/octet-stream", "Upstash-Method": "POST", "Upstash-Retries": "5",
                "Upstash-Timeout": "30s", "Upstash-Content-Based-Deduplication": "true",
                "Upstash-Label": "billing,eu", "Upstash-Forward-accept": "application/json",
                "Upstash-Telemetry-Sdk": "postrider-swift@0.1.0", "Upstash-Telemetry-Platform": "linux",
                "Upstash-Telemetry-Runtime": "swift@6", "authorization": "Bearer benchmark",
            ]
            request.body = .bytes(body)
            let response = try await client.execute(request, timeout: .seconds(60))
            let answer = try await response.body.collect(upTo: 65_536)
            precondition(response.status == .ok && answer.readableBytes > 0, "the server refused")
        }
    }

    /// The same by the SDK over the same client.
    func whole(_ count: Int) async throws -> Double {
        try await measured(count) {
            try await sdk.publish(
                .bytes(body, contentType: "application/octet-stream"),
                to: destination,
                options: options
            )
        }
    }

    /// The same by the SDK when an answer costs nothing.
    func own(_ count: Int) async throws -> Double {
        try await measured(count) {
            try await detached.publish(
                .bytes(body, contentType: "application/octet-stream"),
                to: destination,
                options: options
            )
        }
    }

    private func measured(_ count: Int, _ publish: @escaping @Sendable () async throws -> Void) async throws -> Double {
        let before = ProcessorTime.microseconds
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.width {
                group.addTask {
                    for _ in 0..<count / Self.width { try await publish() }
                }
            }
            try await group.waitForAll()
        }
        return (ProcessorTime.microseconds - before) / Double(count / Self.width * Self.width)
    }
}

/// Answers at once.
private struct ImmediateTransport: QStashTransport {
    private let answer = QStashResponse(
        head: HTTPResponse(status: .ok, headerFields: [.contentType: "application/json"]),
        body: Array(#"{"messageId":"msg_7Yx2kQ","url":"https://api.example.com/orders?shop=7"}"#.utf8)
    )

    func send(_ request: QStashRequest, timeout: Duration, answerBytesMax: Int) async throws -> QStashResponse {
        answer
    }
}
