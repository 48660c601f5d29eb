import Testing

@testable import PostriderCLI

@Suite struct BodyTextTests {
    @Test func jsonIsLaidOutWithoutTouchingWhatItSays() {
        let lines = BodyText.lines(of: Array(#"{"b":[1.0e5,{},[]],"a":"x\"y{,:","n":null}"#.utf8))
        #expect(
            lines == [
                "{", #"  "b": ["#, "    1.0e5,", "    {},", "    []", "  ],", #"  "a": "x\"y{,:","#, #"  "n": null"#,
                "}",
            ]
        )
    }

    @Test(arguments: [
        #"{"a":1"#, #"{"a":1]"#, #"{"a":"x"#, "[1,2", #"["a\"#, "]", String(repeating: "[", count: 5_000),
        String(repeating: "[", count: 5_000) + String(repeating: "]", count: 5_000),
    ])
    func whatIsNoJSONStaysAsItIs(text: String) {
        #expect(JSONIndenter.indented(text) == nil)
        #expect(BodyText.lines(of: Array(text.utf8)).count == 1)
    }

    @Test(arguments: [
        #"[INFO] disk is full, see "log""#, #"[1 2] {"a": tru e}"#, "[2026-01-01 10:00] café naïve",
        #"{"a": 1,, "b": 2}"#, #"{"a" 1}"#, "[1, 2,]",
    ])
    func whatOnlyLooksLikeJSONIsShownAsItWasSent(text: String) {
        #expect(BodyText.lines(of: Array(text.utf8)) == [text])
    }

    @Test(arguments: [16_382, 16_383, 16_384])
    func aLongTextIsCutBetweenCharacters(count: Int) {
        let body =
            Array((String(repeating: "x", count: count % 2_000) + "\n").utf8)
            + Array(String(repeating: "é\n", count: 10_000).utf8)
        let lines = BodyText.lines(of: body)
        #expect(!lines.contains { $0.contains("\u{FFFD}") })
        #expect(lines.last == "… of \(body.count) bytes")
        let euros = BodyText.lines(of: Array("x".utf8) + Array(String(repeating: "€", count: 6_000).utf8))
        #expect(euros.last == "… of 18001 bytes")
        #expect(!euros.contains { $0.contains("\u{FFFD}") })
    }

    @Test func textIsShownInItsLinesAndCannotCommandTheTerminal() {
        let lines = BodyText.lines(of: Array("one\r\ntwo \u{1B}[2J\u{202E}\n".utf8))
        #expect(lines == ["one", #"two \e[2J\u{202E}"#])
    }

    @Test func otherBytesAreShownInHexadecimal() {
        let lines = BodyText.lines(of: Array(0...17))
        #expect(
            lines == [
                "00000000  00 01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f  ................",
                "00000010  10 11                                            ..",
            ]
        )
        #expect(BodyText.lines(of: [0xFF, 0x41]).first?.hasSuffix("  .A") == true)
    }

    @Test func largeBodiesAreCut() {
        let text = BodyText.lines(of: Array(repeating: UInt8(ascii: "x"), count: 1_000_000))
        #expect(text.count == 2)
        #expect(text.last == "… of 1000000 bytes")
        let lines = BodyText.lines(of: Array(String(repeating: "a\n", count: 5_000).utf8))
        #expect(lines.count == 201)
        #expect(lines.last == "… 4800 more lines")
        let json = BodyText.lines(of: Array(("[" + String(repeating: "1,", count: 7_000) + "1]").utf8))
        #expect(json.count == 201)
        let binary = BodyText.lines(of: Array(repeating: 0, count: 1_000_000))
        #expect(binary.count == 17)
        #expect(binary.last == "… of 1000000 bytes")
    }

    @Test func anEmptyBodyHasNoLines() {
        #expect(BodyText.lines(of: []).isEmpty)
    }
}
