import HTTPTypes
package import HummingbirdCore
package import HummingbirdTLS
package import Logging
package import NIOCore
import NIOHTTPTypes
package import NIOSSL

/// The HTTP server around ``APIService``: HummingbirdCore's server with our own responder and our own connection limits.
package enum APIServer {
    /// A plain server.
    package static func plain(
        service: APIService,
        address: BindAddress,
        eventLoopGroup: any EventLoopGroup,
        onRunning: @escaping @Sendable (any Channel) async -> Void,
        logger: Logger
    ) -> Server<HTTP1Channel> {
        Server(
            childChannelSetup: channel(service),
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            onServerRunning: onRunning,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
    }

    /// A server that speaks TLS.
    package static func secure(
        service: APIService,
        tls: TLSConfiguration,
        address: BindAddress,
        eventLoopGroup: any EventLoopGroup,
        onRunning: @escaping @Sendable (any Channel) async -> Void,
        logger: Logger
    ) throws -> Server<TLSChannel<HTTP1Channel>> {
        Server(
            childChannelSetup: try TLSChannel(channel(service), tlsConfiguration: tls),
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            onServerRunning: onRunning,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
    }

    private static func channel(_ service: APIService) -> HTTP1Channel {
        let limits = ConnectionGuard.Limits(settings: service.settings)
        return HTTP1Channel(
            responder: { request, writer, channel in
                let (head, body) = await respond(service, request, channel)
                try await writer.write(response: head, body: body)
            },
            configuration: .init(
                additionalChannelHandlers: [ConnectionGuard(limits: limits)],
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: service.settings.headerBytesMax,
                    maxHeaderListSize: service.settings.headerBytesMax
                )
            )
        )
    }

    private static func respond(
        _ service: APIService,
        _ request: Request,
        _ channel: any Channel
    ) async -> (HTTPResponse, ResponseBody) {
        let response = await service.respond(
            to: APIRequest(
                method: request.method,
                target: request.head.path ?? "/",
                fields: request.headers,
                body: StreamReader(
                    body: request.body,
                    announcedByteCount: request.headers[.contentLength].flatMap { Int($0) }
                ),
                peer: channel.remoteAddress?.ipAddress
            )
        )
        var head = HTTPResponse(status: response.status, headerFields: response.fields)
        head.headerFields[.contentLength] = String(response.body.count)
        let isBare = response.body.isEmpty || request.method == .head
        return (head, isBare ? ResponseBody() : ResponseBody(byteBuffer: ByteBuffer(bytes: response.body)))
    }
}
