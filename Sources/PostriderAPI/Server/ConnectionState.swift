import NIOCore

/// What a connection is doing, and what is due: the decisions of ``ConnectionGuard`` without its channel.
struct ConnectionState {
    /// What the handler is to do.
    enum Action: Equatable {
        case nothing
        /// Answer with an error in place of the application, then close.
        case answer
        case close
    }

    private let limits: ConnectionGuard.Limits
    /// Requests whose answer has not been sent; more than one when the client pipelines.
    private var openRequests = 0
    /// When the body now coming in began; nil when none is.
    private var bodyBeganAt: NIODeadline?
    /// When the client last took bytes of an answer it has not taken whole; nil when nothing is waiting for it.
    private var wroteAt: NIODeadline?
    /// Bytes that were waiting for the client when last looked at.
    private var bufferedBytes = 0
    private var idleSince: NIODeadline
    private var isAnswering = false
    private var closesAfterAnswer = false
    private var isClosing = false
    /// True once the handler has answered in place of the application, whose own answer is then dropped.
    private(set) var isAnsweredForApplication = false

    init(limits: ConnectionGuard.Limits, now: NIODeadline) {
        self.limits = limits
        self.idleSince = now
    }

    /// False once the connection is to close: what still comes in is thrown away.
    var mayRead: Bool { !isClosing }

    mutating func requestBegan(now: NIODeadline) {
        openRequests += 1
        bodyBeganAt = now
    }

    mutating func requestEnded(now: NIODeadline) {
        bodyBeganAt = nil
    }

    /// - Returns: True when the answer must say that the connection closes: its request has not come in whole.
    mutating func responseBegan(status: Int) -> Bool {
        guard status >= 200 else { return false }
        isAnswering = true
        // A body that has begun but not ended is left unread by the application.
        if bodyBeganAt != nil { closesAfterAnswer = true }
        return closesAfterAnswer
    }

    mutating func wrote(now: NIODeadline) {
        wroteAt = wroteAt ?? now
    }

    mutating func responseEnded(now: NIODeadline) -> Action {
        openRequests = max(0, openRequests - 1)
        isAnswering = false
        wroteAt = nil
        idleSince = now
        guard closesAfterAnswer, !isClosing else { return .nothing }
        isClosing = true
        return .close
    }

    /// The request could not be parsed, or the connection failed.
    mutating func failed() -> Action {
        guard !isClosing else { return .nothing }
        // An answer that is under way cannot be followed by another, nor can the answers to pipelined requests be overtaken.
        return closing(isAnswering || openRequests > 1 ? .close : .answer)
    }

    /// - Parameter bufferedBytes: Bytes written that the client has not taken yet.
    mutating func look(now: NIODeadline, bufferedBytes: Int = 0) -> Action {
        guard !isClosing else { return .nothing }
        // A slow client that goes on reading is no stalled one, and one that has taken everything waits for us: events may be rare.
        if wroteAt != nil, bufferedBytes < self.bufferedBytes { wroteAt = now }
        if bufferedBytes == 0 { wroteAt = nil }
        self.bufferedBytes = bufferedBytes
        if let wroteAt, now - wroteAt > limits.stall { return closing(.close) }
        if let bodyBeganAt, now - bodyBeganAt > limits.body { return closing(isAnswering ? .close : .answer) }
        if openRequests == 0, now - idleSince > limits.idle { return closing(.close) }
        return .nothing
    }

    private mutating func closing(_ action: Action) -> Action {
        isClosing = true
        isAnsweredForApplication = action == .answer
        return action
    }
}
