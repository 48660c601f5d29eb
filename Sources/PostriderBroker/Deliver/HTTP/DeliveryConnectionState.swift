import PostriderCore
import QStashWire

/// Decides what the events of one connection mean, from opening through any number of exchanges to its end.
///
/// Pure: the connection feeds it and carries out what it says.
struct DeliveryConnectionState {
    /// What to do about an event.
    enum Action: Hashable {
        case nothing
        /// Tell whoever dialled that it did not come about, and close.
        case failOpening(AttemptFailure)
        /// Nothing of the request has left: carry the exchange out on another connection, and close this one.
        case sendElsewhere
        /// The exchange is over; nil closes the connection, otherwise it may wait unused for so many milliseconds.
        case answer(DeliveryAnswer, idleMilliseconds: Int64?)
        /// The exchange has failed; close.
        case fail(AttemptFailure)
        /// No exchange is concerned; close.
        case close
    }

    /// The bounds that matter here; see ``HTTPDeliveryClient/Configuration``.
    struct Limits: Hashable {
        var idleMilliseconds: Int64
        var responseHeaderBytesMax: Int
        var responseDrainBytesMax: Int
    }

    enum Phase: Hashable {
        case opening
        case unused
        /// The request is on its way to the socket; nothing is known to have left.
        case sending
        case awaitingHead
        case readingBody
        case closed
    }

    private(set) var phase = Phase.opening
    private let limits: Limits
    private var extent = ResponseExtent()
    private var maySendElsewhere = false
    private var bodyBytesMax = 0
    private var wasCutOff = false

    private var status = 0
    private var terms: ResponseTerms?
    private var body: [UInt8] = []
    private var bodyBytes = 0

    /// Up to this size a request goes to the socket whole or not at all, as far as an empty send buffer goes.
    private static let unsplitBytesMax = 4_096

    init(limits: Limits) {
        self.limits = limits
    }

    /// The connection stands, TLS included.
    mutating func opened() {
        precondition(phase == .opening, "opened while \(phase)")
        phase = .unused
    }

    /// A request is about to be written.
    ///
    /// - Parameter isReused: Whether the connection has waited unused, so that its end may have gone unnoticed.
    mutating func begin(requestBytes: Int, isReused: Bool, bodyBytesMax: Int) {
        precondition(phase == .unused, "begin while \(phase)")
        phase = .sending
        maySendElsewhere = isReused && requestBytes <= Self.unsplitBytesMax
        extent = ResponseExtent()
        self.bodyBytesMax = bodyBytesMax
        terms = nil
        body = []
        bodyBytes = 0
    }

    /// The socket has accepted at least a part of the request.
    mutating func flushed() {
        if phase == .sending {
            phase = .awaitingHead
        }
    }

    /// Bytes have come in and have yet to be parsed; they may be parsed only when the action is `nothing`.
    mutating func received(_ bytes: UnsafeRawBufferPointer) -> Action {
        switch phase {
        case .opening:
            return failOpening(AttemptFailure(code: .protocolError, detail: "the destination spoke before the request"))
        case .unused:
            // Whatever it is, it answers no request of ours; at best it says that the destination is about to close.
            return close()
        case .sending:
            // The socket has not accepted the request, so this cannot be its answer.
            return broken(AttemptFailure(code: .connectionClosed, detail: "the connection closed before the request"))
        case .awaitingHead, .readingBody:
            extent.receive(bytes)
            guard extent.headBytesSoFar <= limits.responseHeaderBytesMax else { return fail(.responseHeadersTooLarge) }
            return .nothing
        case .closed:
            return .close
        }
    }

    /// The head of the final answer; informational ones never come here.
    mutating func head(status: Int, terms: ResponseTerms) -> Action {
        guard phase == .awaitingHead else { return .nothing }
        guard status >= 200 else {
            return fail(AttemptFailure(code: .protocolError, detail: "the destination switched protocols unasked"))
        }
        phase = .readingBody
        self.status = status
        self.terms = terms
        return .nothing
    }

    /// A part of the body.
    mutating func body(_ bytes: UnsafeRawBufferPointer) -> Action {
        guard phase == .readingBody else { return .nothing }
        let room = bodyBytesMax - body.count
        if body.isEmpty, let contentLength = terms?.contentLength {
            body.reserveCapacity(max(0, min(contentLength, bodyBytesMax)))
        }
        body.append(contentsOf: UnsafeRawBufferPointer(rebasing: bytes.prefix(room)))
        bodyBytes += bytes.count
        guard bodyBytes > bodyBytesMax else { return .nothing }
        // The caller has what it wants. Reading on only saves the connection, and that is worth a bounded effort.
        let total = terms?.contentLength ?? bodyBytes
        guard max(total, bodyBytes) - bodyBytesMax > limits.responseDrainBytesMax else { return .nothing }
        phase = .closed
        return .answer(takeAnswer(), idleMilliseconds: nil)
    }

    /// The answer is complete; `isRequestFlushed` says whether the socket has accepted all of the request.
    mutating func end(isRequestFlushed: Bool) -> Action {
        guard phase == .readingBody, let terms else { return .nothing }
        let isClean =
            isRequestFlushed && terms.isReusable && !wasCutOff
            && extent.isExact(bodyBytes: bodyBytes, isChunked: terms.isChunked)
        var idleMilliseconds: Int64?
        if isClean {
            let announced = terms.keepAliveSeconds.map { ($0 - 1) * 1_000 } ?? limits.idleMilliseconds
            idleMilliseconds = announced > 0 ? announced : nil
        }
        phase = idleMilliseconds == nil ? .closed : .unused
        return .answer(takeAnswer(), idleMilliseconds: idleMilliseconds)
    }

    /// TLS ended without its farewell: a body that lasts until the end of the connection may lack its rest.
    mutating func cutOff() {
        wasCutOff = true
    }

    /// The connection has ended.
    mutating func inactive() -> Action {
        let detail =
            switch phase {
            case .sending: "the connection closed before the request"
            case .readingBody: "the destination closed the connection within the answer"
            default: "the destination closed the connection without an answer"
            }
        return broken(AttemptFailure(code: .connectionClosed, detail: detail))
    }

    /// The connection is broken, or what came over it makes no sense.
    mutating func broken(_ failure: AttemptFailure) -> Action {
        switch phase {
        case .opening:
            return failOpening(failure)
        case .unused:
            return close()
        case .sending where maySendElsewhere:
            phase = .closed
            return .sendElsewhere
        case .sending, .awaitingHead, .readingBody:
            return fail(failure)
        case .closed:
            return .nothing
        }
    }

    /// Time is up: the exchange's deadline, or the time for which an unused connection is kept.
    mutating func expired() -> Action {
        switch phase {
        case .opening: failOpening(.timedOut(while: "connecting"))
        case .unused: close()
        case .sending: fail(.timedOut(while: "sending the request"))
        case .awaitingHead: fail(.timedOut(while: "awaiting the answer"))
        case .readingBody: fail(.timedOut(while: "reading the answer"))
        case .closed: .nothing
        }
    }

    /// Nobody wants the exchange any more.
    mutating func abandoned() -> Action {
        switch phase {
        case .opening, .unused: close()
        case .sending, .awaitingHead, .readingBody: fail(.abandoned)
        case .closed: .nothing
        }
    }

    private mutating func takeAnswer() -> DeliveryAnswer {
        // Moved out rather than copied: the state would otherwise keep a second reference to every body.
        let answer = DeliveryAnswer(
            status: status,
            headers: terms?.fields ?? [],
            body: body,
            isTruncated: bodyBytes > body.count || wasCutOff
        )
        body = []
        terms = nil
        return answer
    }

    private mutating func failOpening(_ failure: AttemptFailure) -> Action {
        phase = .closed
        return .failOpening(failure)
    }

    private mutating func fail(_ failure: AttemptFailure) -> Action {
        phase = .closed
        return .fail(failure)
    }

    private mutating func close() -> Action {
        phase = .closed
        return .close
    }
}
