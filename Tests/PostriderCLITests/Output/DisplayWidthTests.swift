import PostriderCLI
import Testing

@Suite struct DisplayWidthTests {
    @Test(arguments: [
        ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("漢字", 4), ("한글", 4), ("ｆｕｌｌ", 8), ("👩‍👩‍👧", 2),
        ("🇩🇪", 2), ("❤️", 2), ("…", 1), ("ﾊﾝ", 2), ("a\u{200D}b", 2),
    ])
    func columnsAreCountedAsTerminalsDo(text: String, columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }

    @Test(arguments: [
        ("abcdef", 6, "abcdef"), ("abcdef", 5, "abcd…"), ("abcdef", 1, "…"), ("abcdef", 0, ""), ("漢字漢字", 5, "漢字…"),
        ("漢字漢字", 4, "漢…"), ("漢字", 4, "漢字"), ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
    ])
    func cutTextFitsAndSaysThatItWasCut(text: String, columns: Int, expected: String) {
        let cut = DisplayWidth.cut(text, to: columns)
        #expect(cut == expected)
        #expect(DisplayWidth.of(cut) <= columns)
    }
}
