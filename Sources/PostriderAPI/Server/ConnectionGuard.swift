import HTTPTypes
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Keeps one connection within its bounds, whatever its client does (decision 12).
///
/// The decisions are ``ConnectionState``'s; this handler performs them. It closes idle connections, cuts bodies that do not come
/// and answers that are not taken, answers `Expect: 100-continue`, turns a request that cannot be parsed into our JSON error,
/// and closes after an answer that was given before its request had come in whole.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    /// The bounds of a connection.
    struct Limits: Hashable, Sendable {
        var idle: TimeAmount
        var body: TimeAmount
        var stall: TimeAmount
        /// How long a stop waits for a request under way.
        var drain: TimeAmount
        /// How long what the client still sends is thrown away after an early answer, so that it can read it.
        var linger = TimeAmount.seconds(2)
        /// How often deadlines are looked at.
        var look = TimeAmount.seconds(1)

        init(settings: APISettings) {
            self.idle = .seconds(settings.idleSeconds)
            self.body = .seconds(settings.bodySeconds)
            self.stall = .seconds(settings.stallSeconds)
            self.drain = .seconds(settings.drainSeconds)
        }
    }

    private let limits: Limits
    private var state: ConnectionState
    private var deadlines: RepeatedTask?

    init(limits: Limits) {
        self.limits = limits
        self.state = ConnectionState(limits: limits, now: .now())
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        stop()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard state.mayRead else { return }
        switch part {
        case .head(let head):
            state.requestBegan(now: context.eventLoop.now)
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body:
            break
        case .end:
            state.requestEnded(now: context.eventLoop.now)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !state.isAnsweredForApplication else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if state.responseBegan(status: head.status.code) {
                head.headerFields[.connection] = "close"
                context.write(wrapOutboundOut(.head(head)), promise: promise)
            } else {
                context.write(data, promise: promise)
            }
        case .body:
            state.wrote(now: context.eventLoop.now)
            context.write(data, promise: promise)
        case .end:
            state.wrote(now: context.eventLoop.now)
            let done = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            done.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.responseEnded(context)
            }
            context.write(data, promise: done)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch state.failed() {
        case .answer:
            answer(context, Self.answer(to: error))
        case .close:
            context.close(promise: nil)
        case .nothing:
            break
        }
        // Passed on, so that the application never takes a body that broke off for a whole one.
        context.fireErrorCaught(error)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: limits.drain) { bound.value.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func responseEnded(_ context: ChannelHandlerContext) {
        guard state.responseEnded(now: context.eventLoop.now) == .close else { return }
        linger(context)
    }

    private func start(_ context: ChannelHandlerContext) {
        guard deadlines == nil else { return }
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadlines = context.eventLoop.scheduleRepeatedTask(initialDelay: limits.look, delay: limits.look) { _ in
            let (handler, context) = bound.value
            handler.look(context)
        }
    }

    private func stop() {
        deadlines?.cancel()
        deadlines = nil
    }

    private func look(_ context: ChannelHandlerContext) {
        let buffered = try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)
        switch state.look(now: context.eventLoop.now, bufferedBytes: buffered ?? 0) {
        case .close:
            context.close(promise: nil)
        case .answer:
            answer(
                context,
                APIError(.requestTimeout, code: "body_timeout", message: "the body did not come in time")
            )
        case .nothing:
            break
        }
    }

    /// Answers in place of the application and closes.
    private func answer(_ context: ChannelHandlerContext, _ error: APIError) {
        let response = APIResponse.error(error)
        var head = HTTPResponse(status: response.status, headerFields: response.fields)
        head.headerFields[.contentLength] = String(response.body.count)
        head.headerFields[.connection] = "close"
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.write(wrapOutboundOut(.body(ByteBuffer(bytes: response.body))), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        linger(context)
    }

    /// Closes our side, and the whole connection a little later: at once would reset it before the client has read the answer.
    private func linger(_ context: ChannelHandlerContext) {
        context.flush()
        context.close(mode: .output, promise: nil)
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: limits.linger) { bound.value.close(promise: nil) }
    }

    private static func answer(to error: any Error) -> APIError {
        if let error = error as? HTTPParserError, error == .invalidMethod {
            return APIError(
                .methodNotAllowed,
                code: "method_not_allowed",
                message: "this server does not know the method, or this is no HTTP request",
                headers: [.allow: "DELETE, GET, HEAD, POST"]
            )
        }
        if let error = error as? HTTPParserError, error == .headerOverflow {
            return APIError(
                .requestHeaderFieldsTooLarge,
                code: "headers_too_large",
                message: "the request's headers are too large"
            )
        }
        return APIError(.badRequest, code: "request_invalid", message: "the request is not valid HTTP")
    }
}
