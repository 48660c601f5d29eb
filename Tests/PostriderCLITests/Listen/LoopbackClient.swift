import AsyncHTTPClient
import FoundationEssentials
import NIOCore
import NIOHTTP1
import NIOPosix
import PostriderCLI
import QStashWire
import Synchronization
import Testing

/// Sends to a listener on this machine what a server would send.
enum LoopbackClient {
    struct Answer: Sendable {
        var status: Int
        var headers: HTTPHeaders
        var text: String
    }

    /// Posts a body.
    static func post(_ url: String, headers: [(String, String)] = [], body: [UInt8] = []) async throws -> Answer {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers = HTTPHeaders(headers)
        request.body = .bytes(ByteBuffer(bytes: body))
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(20))
        let text = String(buffer: try await response.body.collect(upTo: 1_048_576))
        return Answer(status: Int(response.status.code), headers: response.headers, text: text)
    }

    /// Posts a signed message, as the server does.
    static func deliver(
        _ url: String,
        body: [UInt8] = Array("hello".utf8),
        signedFor signedURL: String? = nil,
        signedBody: [UInt8]? = nil,
        key: String = TestContext.currentKey,
        issuedAt: Int64 = Int64(TestContext.now.timeIntervalSince1970),
        id: String = "msg_1",
        retried: Int = 0
    ) async throws -> Answer {
        let token = MessageSignature.sign(
            body: signedBody ?? body,
            url: signedURL ?? url,
            issuedAtSeconds: issuedAt,
            tokenID: "jwt_1",
            key: try #require(SigningKey(key))
        )
        return try await post(
            url,
            headers: [
                ("Upstash-Signature", token), ("Upstash-Message-Id", id), ("Upstash-Retried", String(retried)),
                ("Content-Type", "text/plain"),
            ],
            body: body
        )
    }

    /// Opens a connection, sends the text, and returns everything that comes back until the listener closes.
    static func raw(_ text: String, port: Int) async throws -> String {
        let collector = Collector()
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(collector) }
            }
            .connect(host: "127.0.0.1", port: port).get()
        // The listener may have closed already, which is what some tests are about.
        try? await channel.writeAndFlush(ByteBuffer(string: text))
        try await channel.closeFuture.get()
        return collector.text.withLock { $0 }
    }

    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        let text = Mutex("")

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let received = String(buffer: Self.unwrapInboundIn(data))
            text.withLock { $0 += received }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
