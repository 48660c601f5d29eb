import Testing

@testable import PostriderCLI

@Suite struct EventStreamParserTests {
    private typealias Event = EventStreamParser.Event

    private static let stream = """
        : a comment\n\nid: 1\nevent: progress\ndata: {"a":\ndata: 1}\n\ndata: bare\n\nid:2\ndata:x\nother: y\nretry: 250\n\n\
        event: nothing\n\nid\ndata\n\n
        """

    private static let events = [
        Event(name: "progress", data: "{\"a\":\n1}", id: "1"), Event(name: "message", data: "bare", id: "1"),
        Event(name: "message", data: "x", id: "2"), Event(name: "message", data: "", id: ""),
    ]

    @Test(arguments: 1...7)
    func piecesMayBreakAnywhere(size: Int) {
        var parser = EventStreamParser()
        var found: [Event] = []
        let bytes = Array(Self.stream.utf8)
        for start in stride(from: 0, to: bytes.count, by: size) {
            found += parser.take(Array(bytes[start..<min(start + size, bytes.count)])) ?? []
        }
        #expect(found == Self.events)
        #expect(parser.retryMilliseconds == 250)
    }

    @Test(arguments: ["\r\n", "\r", "\n"])
    func linesEndInThreeWays(end: String) {
        var parser = EventStreamParser()
        let text = ["\u{FEFF}event: a", "data: b", "", "data: c", "", ""].joined(separator: end)
        #expect(parser.take(Array(text.utf8))?.map(\.data) == ["b", "c"])
    }

    @Test func anEventThatIsNotEndedIsNone() {
        var parser = EventStreamParser()
        #expect(parser.take(Array("data: a\n".utf8)) == [])
    }

    @Test func aStreamWithoutEndOfLineIsGivenUp() {
        var parser = EventStreamParser()
        let piece = [UInt8](repeating: UInt8(ascii: "a"), count: 1_048_576)
        let taken = (0..<5).map { _ in parser.take(piece) != nil }
        #expect(taken == [true, true, true, true, false])
    }
}
