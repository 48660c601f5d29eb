import PostriderCLI
import Testing

@Suite struct VisibleTextTests {
    @Test(arguments: [
        ("plain text", "plain text"),
        ("", ""),
        ("héllo, 漢字 👩‍👩‍👧", "héllo, 漢字 👩‍👩‍👧"),
        ("\u{1B}[2J\u{1B}]0;owned\u{07}", #"\e[2J\e]0;owned\u{7}"#),
        ("\u{9B}31m", #"\u{9B}31m"#),
        ("a\r\nb\tc\u{7F}", #"a\r\nb\tc\u{7F}"#),
        ("\u{202E}gnp.exe\u{2066}", #"\u{202E}gnp.exe\u{2066}"#),
        ("\u{FEFF}x\u{2028}y\u{00}", #"\u{FEFF}x\u{2028}y\u{0}"#),
        (#"C:\new"#, #"C:\new"#),
    ])
    func nothingCommandsTheTerminal(text: String, expected: String) {
        #expect(VisibleText.line(text) == expected)
    }

    @Test func everyControlCharacterIsEscaped() throws {
        for value in Array(UInt32(0)...0x1F) + Array(0x7F...0x9F) {
            let scalar = try #require(Unicode.Scalar(value))
            let line = VisibleText.line("a\(Character(scalar))b")
            #expect(!line.unicodeScalars.contains(scalar), "U+\(String(value, radix: 16))")
            #expect(line.hasPrefix("a\\") && line.hasSuffix("b"))
        }
    }

    @Test func linesKeepLineEndsAndTabsButNothingElse() {
        #expect(VisibleText.lines("a\r\n\tb\n\n\u{1B}[1mc") == ["a", "    b", "", #"\e[1mc"#])
    }

    @Test func aPileOfAccentsIsCut() {
        let pile = "e" + String(repeating: "\u{301}", count: 5_000)
        #expect(VisibleText.line(pile).unicodeScalars.count == 16)
    }
}
