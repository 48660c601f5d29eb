import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that are too slow: to ask, to send a request whole, to fetch an answer.
///
/// One deadline is set at a time, for what the client is to do next; while a delivery is being handled there is none. Also answers
/// `Expect: 100-continue`, and cuts what is still open some time after the listener was told to stop.
final class ListenerConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let limits: DeliveryListener.Limits
    private var deadline: Scheduled<Void>?
    /// Requests that came in at least in part and whose answer has not left.
    private var openRequests = 0
    /// Whether a request has begun and not ended.
    private var isReceiving = false

    init(limits: DeliveryListener.Limits) {
        self.limits = limits
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { setDeadline(limits.idle, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        setDeadline(limits.idle, context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        deadline?.cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            openRequests += 1
            isReceiving = true
            setDeadline(limits.request, context)
            if head.headerFields[.expect]?.lowercased() == "100-continue" {
                context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
            }
        case .body:
            break
        case .end:
            isReceiving = false
            // Answered before it had come in whole, it leaves the connection waiting for the next request.
            if openRequests > 0 { deadline?.cancel() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head:
            setDeadline(limits.answer, context)
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let sent = promise ?? context.eventLoop.makePromise(of: Void.self)
            let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
            sent.futureResult.whenComplete { _ in
                let (handler, context) = bound.value
                handler.answered(context)
            }
            context.write(data, promise: sent)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            context.eventLoop.scheduleTask(in: TimeAmount(limits.drain)) { bound.value.close(promise: nil) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func answered(_ context: ChannelHandlerContext) {
        openRequests = max(0, openRequests - 1)
        if isReceiving {
            setDeadline(limits.request, context)
        } else if openRequests == 0 {
            setDeadline(limits.idle, context)
        } else {
            deadline?.cancel()
        }
    }

    private func setDeadline(_ duration: Duration, _ context: ChannelHandlerContext) {
        deadline?.cancel()
        guard context.channel.isActive else { return }
        let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(duration)) { bound.value.close(promise: nil) }
    }
}
