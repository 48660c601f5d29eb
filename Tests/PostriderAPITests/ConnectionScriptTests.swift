import NIOCore
import Testing

@testable import PostriderAPI

/// Scripts of what happens on a connection; times are seconds since it was opened.
@Suite struct ConnectionScriptTests {
    private static let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    /// A connection that may be idle for 30 s, take 60 s for a body and stall for 20 s.
    private static func opened() -> ConnectionState {
        var settings = APISettings()
        settings.idleSeconds = 30
        settings.bodySeconds = 60
        settings.stallSeconds = 20
        return ConnectionState(limits: ConnectionGuard.Limits(settings: settings), now: start)
    }

    private static func at(_ seconds: Int64) -> NIODeadline { start + .seconds(seconds) }

    @Test func aConnectionWithoutARequestIsClosedInTime() {
        var state = Self.opened()
        #expect(state.look(now: Self.at(30)) == .nothing)
        #expect(state.mayRead)
        #expect(state.look(now: Self.at(31)) == .close)
        #expect(!state.mayRead)
        #expect(!state.isAnsweredForApplication)
        #expect(state.look(now: Self.at(99)) == .nothing)
    }

    @Test func aWholeRequestMayTakeAsLongAsItsAnswerTakes() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(1))
        state.requestEnded(now: Self.at(2))
        #expect(state.look(now: Self.at(10_000)) == .nothing)
        #expect(state.responseBegan(status: 200) == false)
        #expect(state.look(now: Self.at(20_000)) == .nothing)
        #expect(state.responseEnded(now: Self.at(20_000)) == .nothing)
        #expect(state.mayRead)
        #expect(state.look(now: Self.at(20_030)) == .nothing)
        #expect(state.look(now: Self.at(20_031)) == .close)
    }

    @Test func aBodyThatDoesNotComeIsAnsweredForTheApplication() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(5))
        #expect(state.look(now: Self.at(65)) == .nothing)
        #expect(state.look(now: Self.at(66)) == .answer)
        #expect(state.isAnsweredForApplication)
        #expect(!state.mayRead)
        // The application's own answer comes too late, and what breaks now changes nothing.
        #expect(state.failed() == .nothing)
        #expect(state.look(now: Self.at(1_000)) == .nothing)
    }

    @Test func aBodyThatStopsUnderAnAnswerIsCut() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        #expect(state.responseBegan(status: 200) == true)
        #expect(state.look(now: Self.at(61)) == .close)
        #expect(!state.isAnsweredForApplication)
    }

    @Test func anAnswerBeforeTheBodysEndClosesAfterIt() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        #expect(state.responseBegan(status: 413) == true)
        #expect(state.mayRead)
        #expect(state.responseEnded(now: Self.at(1)) == .close)
        #expect(!state.mayRead)
    }

    @Test(arguments: [100, 102, 103])
    func anInterimAnswerDecidesNothing(status: Int) {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        #expect(state.responseBegan(status: status) == false)
        #expect(state.failed() == .answer)
    }

    @Test func anAnswerThatIsNotTakenIsCut() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        state.requestEnded(now: Self.at(0))
        #expect(state.responseBegan(status: 200) == false)
        state.wrote(now: Self.at(1))
        // Writing more does not count as the client's taking.
        state.wrote(now: Self.at(15))
        #expect(state.look(now: Self.at(21), bufferedBytes: 4_096) == .nothing)
        #expect(state.look(now: Self.at(22), bufferedBytes: 4_096) == .close)
    }

    @Test func anAnswerThatGoesOnForHoursIsNotCutWhileItIsTaken() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        state.requestEnded(now: Self.at(0))
        #expect(state.responseBegan(status: 200) == false)
        for minute in 1...180 as ClosedRange<Int64> {
            state.wrote(now: Self.at(minute * 60))
            #expect(state.look(now: Self.at(minute * 60 + 1), bufferedBytes: 0) == .nothing)
            #expect(state.look(now: Self.at(minute * 60 + 59), bufferedBytes: 0) == .nothing)
        }
        // Until its client takes nothing more.
        state.wrote(now: Self.at(20_000))
        #expect(state.look(now: Self.at(20_001), bufferedBytes: 64) == .nothing)
        #expect(state.look(now: Self.at(20_021), bufferedBytes: 64) == .close)
    }

    @Test func anAnswerThatWasTakenDoesNotStallTheNext() {
        var state = Self.opened()
        for second in [Int64(0), 25] {
            state.requestBegan(now: Self.at(second))
            state.requestEnded(now: Self.at(second))
            #expect(state.responseBegan(status: 200) == false)
            state.wrote(now: Self.at(second))
            #expect(state.look(now: Self.at(second + 20), bufferedBytes: 4_096) == .nothing)
            #expect(state.responseEnded(now: Self.at(second + 20)) == .nothing)
        }
    }

    @Test func whatCannotBeParsedIsAnsweredOnce() {
        var state = Self.opened()
        #expect(state.failed() == .answer)
        #expect(state.isAnsweredForApplication)
        #expect(state.failed() == .nothing)
    }

    @Test func aFailureUnderAnAnswerClosesWithoutASecondOne() {
        var state = Self.opened()
        state.requestBegan(now: Self.at(0))
        state.requestEnded(now: Self.at(0))
        #expect(state.responseBegan(status: 200) == false)
        #expect(state.failed() == .close)
        #expect(!state.isAnsweredForApplication)
        #expect(state.responseEnded(now: Self.at(1)) == .nothing)
    }

    @Test func aFailureDoesNotOvertakePipelinedAnswers() {
        var state = Self.opened()
        for _ in 0..<2 {
            state.requestBegan(now: Self.at(0))
            state.requestEnded(now: Self.at(0))
        }
        #expect(state.failed() == .close)
    }

    @Test func aPipelinedRequestKeepsTheConnectionFromBeingIdle() {
        var state = Self.opened()
        for _ in 0..<2 {
            state.requestBegan(now: Self.at(0))
            state.requestEnded(now: Self.at(0))
        }
        #expect(state.responseBegan(status: 200) == false)
        #expect(state.responseEnded(now: Self.at(1)) == .nothing)
        #expect(state.look(now: Self.at(500)) == .nothing)
        #expect(state.responseBegan(status: 200) == false)
        #expect(state.responseEnded(now: Self.at(500)) == .nothing)
        #expect(state.look(now: Self.at(531)) == .close)
    }

    @Test func aClientThatGoesOnReadingIsNotCut() {
        let limits = ConnectionGuard.Limits(settings: APISettings())
        let begin = NIODeadline.uptimeNanoseconds(0)
        var state = ConnectionState(limits: limits, now: begin)
        state.requestBegan(now: begin)
        state.requestEnded(now: begin)
        _ = state.responseBegan(status: 200)
        state.wrote(now: begin)
        // Less is waiting each time: the client is slow, not stalled.
        for second in 1...120 as ClosedRange<Int64> {
            let action = state.look(now: begin + .seconds(second), bufferedBytes: 10_000 - Int(second))
            #expect(action == .nothing)
        }
        #expect(state.look(now: begin + .seconds(151), bufferedBytes: 9_880) == .close)
    }
}
