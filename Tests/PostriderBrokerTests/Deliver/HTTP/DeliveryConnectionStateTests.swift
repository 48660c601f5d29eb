import NIOHTTP1
import PostriderCore
import Testing

@testable import PostriderBroker

@Suite struct DeliveryConnectionStateTests {
    private typealias State = DeliveryConnectionState
    private typealias Action = DeliveryConnectionState.Action

    private func opened() -> State {
        var state = State(
            limits: State.Limits(idleMilliseconds: 4_000, responseHeaderBytesMax: 200, responseDrainBytesMax: 10)
        )
        state.opened()
        return state
    }

    private func begun(isReused: Bool = false, requestBytes: Int = 100, bodyBytesMax: Int = 5) -> State {
        var state = opened()
        state.begin(requestBytes: requestBytes, isReused: isReused, bodyBytesMax: bodyBytesMax)
        return state
    }

    private func awaiting(bodyBytesMax: Int = 5) -> State {
        var state = begun(bodyBytesMax: bodyBytesMax)
        state.flushed()
        return state
    }

    private func terms(_ fields: [(String, String)], version: HTTPVersion = .http1_1) -> ResponseTerms {
        ResponseTerms(HTTPResponseHead(version: version, status: .ok, headers: HTTPHeaders(fields)))
    }

    /// Feeds a whole answer with a head of 38 bytes, as the parser would.
    private func feed(
        _ body: String,
        to state: inout State,
        fields: [(String, String)],
        excess: String = "",
        isRequestFlushed: Bool = true
    ) -> Action {
        let raw = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n\(body)\(excess)"
        let received = Array(raw.utf8).withUnsafeBytes { state.received($0) }
        guard received == .nothing else { return received }
        let head = state.head(status: 200, terms: terms(fields))
        guard head == .nothing else { return head }
        let part = Array(body.utf8).withUnsafeBytes { state.body($0) }
        guard part == .nothing else { return part }
        return state.end(isRequestFlushed: isRequestFlushed)
    }

    private func code(_ action: Action) -> AttemptFailure.Code? {
        switch action {
        case .fail(let failure), .failOpening(let failure): failure.code
        default: nil
        }
    }

    private func idle(_ action: Action) -> Int64? {
        if case .answer(_, let idleMilliseconds) = action { idleMilliseconds } else { nil }
    }

    @Test func aCleanAnswerKeepsTheConnectionAndAnotherRequestMayFollow() {
        var state = awaiting()
        guard case .answer(let answer, 4_000) = feed("abc", to: &state, fields: [("content-length", "3")]) else {
            Issue.record("no clean answer")
            return
        }
        #expect(answer.body == Array("abc".utf8))
        #expect(!answer.isTruncated)
        #expect(state.phase == .unused)
        state.begin(requestBytes: 1, isReused: true, bodyBytesMax: 5)
        #expect(state.phase == .sending)
    }

    @Test(arguments: [
        ([("Connection", "close")], "", true),
        ([("connection", "Keep-Alive, Close")], "", true),
        ([("connection", "upgrade")], "", true),
        ([("Keep-Alive", "timeout=1")], "", true),
        ([("Keep-Alive", "timeout=0, max=5")], "", true),
        ([], "x", true),
        ([], "HTTP/1.1 2", true),
        ([], "", false),
    ])
    func otherwiseTheConnectionIsClosedButTheAnswerCounts(
        fields: [(String, String)],
        excess: String,
        isRequestFlushed: Bool
    ) {
        var state = awaiting()
        let action = feed("abc", to: &state, fields: fields, excess: excess, isRequestFlushed: isRequestFlushed)
        guard case .answer(let answer, nil) = action else {
            Issue.record("\(action)")
            return
        }
        #expect(answer.status == 200)
        #expect(state.phase == .closed)
    }

    @Test(
        arguments: [("timeout=30", 29_000), ("max=100, timeout=5", 4_000), ("timeout=x", 4_000)] as [(String, Int64)]
    )
    func anAnnouncedTimeIsHonouredWithAMargin(value: String, milliseconds: Int64) {
        var state = awaiting()
        #expect(idle(feed("abc", to: &state, fields: [("Keep-Alive", value)])) == milliseconds)
    }

    @Test func aBodyBeyondTheBoundIsReadOnForAWhileAndTruncated() {
        var state = awaiting()
        guard case .answer(let answer, 4_000) = feed("0123456789", to: &state, fields: []) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.body == Array("01234".utf8))
        #expect(answer.isTruncated)
    }

    @Test func anEndlessOrHugeBodyIsAnsweredAndClosed() {
        var endless = awaiting()
        #expect(idle(feed(String(repeating: "x", count: 16), to: &endless, fields: [])) == nil)
        #expect(endless.phase == .closed)
        var huge = awaiting()
        guard case .answer(let answer, nil) = feed("012345", to: &huge, fields: [("Content-Length", "1000")]) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.isTruncated)
    }

    @Test func aBoundOfZeroKeepsNothing() {
        var state = awaiting(bodyBytesMax: 0)
        guard case .answer(let answer, .some) = feed("abc", to: &state, fields: []) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.body == [])
        #expect(answer.isTruncated)
    }

    @Test func aReusedConnectionThatEndsBeforeTheRequestLeavesSendsItElsewhere() {
        var state = begun(isReused: true)
        #expect(state.inactive() == .sendElsewhere)
        #expect(state.inactive() == .nothing)
    }

    @Test func bytesThatCameBeforeTheRequestLeftAreNotItsAnswer() {
        var state = begun(isReused: true)
        #expect(Array("HTTP/1.1 408 ".utf8).withUnsafeBytes { state.received($0) } == .sendElsewhere)
    }

    @Test func aRequestThatMayHaveLeftIsNeverSentAgain() {
        var fresh = begun(isReused: false)
        #expect(code(fresh.inactive()) == .connectionClosed)
        var large = begun(isReused: true, requestBytes: 100_000)
        #expect(code(large.inactive()) == .connectionClosed)
        var flushed = begun(isReused: true)
        flushed.flushed()
        #expect(code(flushed.inactive()) == .connectionClosed)
    }

    @Test func whateverComesUnaskedClosesAnUnusedConnection() {
        var state = opened()
        #expect(Array("x".utf8).withUnsafeBytes { state.received($0) } == .close)
        var ended = opened()
        #expect(ended.inactive() == .close)
        var expired = opened()
        #expect(expired.expired() == .close)
    }

    @Test func aHeadBeyondTheBoundFails() {
        var state = awaiting()
        let bytes = Array(("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 200)).utf8)
        #expect(code(bytes.withUnsafeBytes { state.received($0) }) == .responseHeadersTooLarge)
    }

    @Test func switchingProtocolsIsAFailure() {
        var state = awaiting()
        #expect(code(state.head(status: 101, terms: terms([]))) == .protocolError)
    }

    @Test func timeIsUpInEveryPhaseThatWaits() {
        var sending = begun()
        #expect(code(sending.expired()) == .timedOut)
        var waiting = awaiting()
        #expect(waiting.expired() == .fail(.timedOut(while: "awaiting the answer")))
        #expect(waiting.expired() == .nothing)
        var opening = State(
            limits: State.Limits(idleMilliseconds: 1, responseHeaderBytesMax: 1, responseDrainBytesMax: 1)
        )
        #expect(code(opening.expired()) == .timedOut)
    }

    @Test func anAbandonedExchangeIsCutAndEventsAfterwardsMeanNothing() {
        var state = awaiting()
        #expect(code(state.abandoned()) == .abandoned)
        #expect(state.head(status: 200, terms: terms([])) == .nothing)
        #expect(state.end(isRequestFlushed: true) == .nothing)
        #expect(state.broken(.abandoned) == .nothing)
        #expect(state.inactive() == .nothing)
    }

    @Test func aBodyCutOffByTheEndOfTLSIsMarkedTruncated() {
        var state = awaiting()
        state.cutOff()
        guard case .answer(let answer, nil) = feed("abc", to: &state, fields: []) else {
            Issue.record("no answer")
            return
        }
        #expect(answer.isTruncated)
    }
}
