import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import PostriderCLI

@Suite struct ListenerConnectionGuardTests {
    private let channel: EmbeddedChannel

    init() throws {
        var limits = DeliveryListener.Limits()
        limits.idle = .seconds(10)
        limits.request = .seconds(20)
        limits.answer = .seconds(40)
        limits.drain = .seconds(5)
        channel = EmbeddedChannel(handler: ListenerConnectionGuard(limits: limits))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// Whether the connection is open after so many seconds more.
    private func isOpen(after seconds: Int64) -> Bool {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
        return channel.isActive
    }

    private func receive(_ parts: HTTPRequestPart...) throws {
        for part in parts { try channel.writeInbound(part) }
    }

    private func send(_ parts: HTTPResponsePart...) throws {
        for part in parts { try channel.writeOutbound(part) }
    }

    private var head: HTTPRequestPart {
        .head(HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/"))
    }

    private var someBytes: ByteBuffer { ByteBuffer(string: "x") }

    @Test func aConnectionWithoutARequestIsClosed() {
        #expect(isOpen(after: 9))
        #expect(!isOpen(after: 1))
    }

    @Test func bytesThatKeepComingDoNotProlongARequest() throws {
        try receive(head)
        #expect(isOpen(after: 15))
        try receive(.body(someBytes))
        #expect(isOpen(after: 4))
        #expect(!isOpen(after: 1))
    }

    @Test func whoHandlesADeliveryMayTakeAnyTime() throws {
        try receive(head, .end(nil))
        #expect(isOpen(after: 86_400))
    }

    @Test func anAnswerThatIsNotFetchedIsCut() throws {
        try receive(head, .end(nil))
        try send(.head(HTTPResponse(status: .ok)), .body(someBytes))
        #expect(isOpen(after: 39))
        #expect(!isOpen(after: 1))
    }

    @Test func afterAnAnswerTheConnectionWaitsForTheNextRequest() throws {
        try receive(head, .end(nil))
        try send(.head(HTTPResponse(status: .ok)), .end(nil))
        #expect(isOpen(after: 9))
        try receive(head, .end(nil))
        #expect(isOpen(after: 3_600))
        try send(.head(HTTPResponse(status: .ok)), .end(nil))
        #expect(!isOpen(after: 10))
    }

    @Test func aRequestAnsweredBeforeItsEndIsStillBounded() throws {
        try receive(head, .body(someBytes))
        try send(.head(HTTPResponse(status: .contentTooLarge)), .end(nil))
        #expect(isOpen(after: 19))
        try receive(.body(someBytes))
        #expect(!isOpen(after: 1))
    }

    @Test func aSecondRequestThatIsBeingHandledIsNotCutByTheAnswerToTheFirst() throws {
        try receive(head, .end(nil), head, .end(nil))
        try send(.head(HTTPResponse(status: .ok)), .end(nil))
        #expect(isOpen(after: 3_600))
    }

    @Test func aStopWaitsForAWhileAndThenCuts() throws {
        try receive(head, .end(nil))
        channel.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        #expect(isOpen(after: 4))
        #expect(!isOpen(after: 1))
    }
}
