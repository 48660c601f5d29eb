package import HTTPTypes
package import HummingbirdCore
package import HummingbirdTLS
package import Logging
package import NIOCore
import NIOHTTPTypes
package import NIOSSL

/// The HTTP server around ``APIService``: HummingbirdCore's server with our own responder and our own connection limits.
package enum APIServer {
    /// Answers what is none of the interface's own paths, on the same connections and within the same bounds.
    ///
    /// The answer may be a stream without end, as long as its client takes it. Nil leaves the request to the interface, which knows no such
    /// path; the body must be unread then.
    package typealias Mount = @Sendable (Request, any Channel) async -> (HTTPResponse, ResponseBody)?

    /// A plain server.
    package static func plain(
        service: APIService,
        mount: Mount? = nil,
        address: BindAddress,
        eventLoopGroup: any EventLoopGroup,
        onRunning: @escaping @Sendable (any Channel) async -> Void,
        logger: Logger
    ) -> Server<HTTP1Channel> {
        Server(
            childChannelSetup: channel(service, mount),
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            onServerRunning: onRunning,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
    }

    /// A server that speaks TLS.
    package static func secure(
        service: APIService,
        mount: Mount? = nil,
        tls: TLSConfiguration,
        address: BindAddress,
        eventLoopGroup: any EventLoopGroup,
        onRunning: @escaping @Sendable (any Channel) async -> Void,
        logger: Logger
    ) throws -> Server<TLSChannel<HTTP1Channel>> {
        Server(
            childChannelSetup: try TLSChannel(channel(service, mount), tlsConfiguration: tls),
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            onServerRunning: onRunning,
            eventLoopGroup: eventLoopGroup,
            logger: logger
        )
    }

    private static func channel(_ service: APIService, _ mount: Mount?) -> HTTP1Channel {
        let limits = ConnectionGuard.Limits(settings: service.settings)
        return HTTP1Channel(
            responder: { request, writer, channel in
                let (head, body) = await respond(service, mount, request, channel)
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
        _ mount: Mount?,
        _ request: Request,
        _ channel: any Channel
    ) async -> (HTTPResponse, ResponseBody) {
        let path = (request.head.path ?? "/").prefix { $0 != "?" }
        if let mount, !Route.isOwn(path), let answer = await mount(request, channel) {
            var head = answer.0
            head.headerFields[.date] = service.dateText
            return (head, answer.1)
        }
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
