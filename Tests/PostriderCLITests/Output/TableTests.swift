import PostriderCLI
import Testing

@Suite struct TableTests {
    private func table(_ rows: [[Table.Cell]]) -> Table {
        var table = Table([.init("NAME"), .init("SIZE", .trailing), .init("URL")])
        for row in rows { table.append(row) }
        return table
    }

    @Test func columnsAreAlignedAlsoBehindWideCharacters() {
        let text = table([["漢字", "7", "https://a"], ["b", "1234", "https://b"]]).text(width: nil, style: .plain)
        #expect(
            text == """
                NAME  SIZE  URL
                漢字     7  https://a
                b     1234  https://b

                """
        )
    }

    @Test func rowsFitTheTerminal() {
        let long = String(repeating: "x", count: 200)
        let text = table([[.init(long), "1", .init("https://" + long)]]).text(width: 40, style: .plain)
        for line in text.split(separator: "\n") { #expect(DisplayWidth.of(String(line)) <= 40) }
        #expect(text.contains("x…"))
        #expect(text.contains("https://"))
    }

    @Test func idsAreNotCutWhateverTheWidth() {
        var table = Table([.init("ID", isWhole: true), .init("URL")])
        table.append(["msg_15MtQ6CojK4FpybiqYQO0E", "https://api.example.com/orders?shop=7"])
        let text = table.text(width: 40, style: .plain)
        #expect(text.contains("msg_15MtQ6CojK4FpybiqYQO0E  https://api…"))
    }

    @Test func withoutATerminalNothingIsCutAndLongCellsDoNotPadTheOthers() {
        let long = String(repeating: "x", count: 5_000)
        let text = table([[.init(long), "1", "u"], ["short", "2", "u"]]).text(width: nil, style: .plain)
        let lines = text.split(separator: "\n")
        #expect(lines[1].contains(long))
        #expect(lines[2].utf8.count < 100)
    }

    @Test func cellsCannotCommandTheTerminalNorBreakTheLine() {
        let text = table([["a\nb\u{1B}[31m", "1", "u\u{9B}2J"]]).text(width: 80, style: Style(isColored: true))
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.contains(#"a\nb\e[31m"#))
        #expect(!text.unicodeScalars.contains("\u{9B}"))
    }

    @Test func coloursTakeNoColumns() {
        let rows: [[Table.Cell]] = [[.init("ok", .good), "1", "u"], ["plain", "1", "u"]]
        let colored = table(rows).text(width: 80, style: Style(isColored: true))
        let plain = table(rows).text(width: 80, style: .plain)
        #expect(colored.contains("\u{1B}[32mok\u{1B}[0m   "))
        #expect(!plain.contains("\u{1B}"))
        let stripped = colored.replacing(/\u{1B}\[[0-9]+m/, with: "")
        #expect(stripped == plain)
    }

    @Test func aTerminalTooNarrowForAllTitlesStillShowsRows() {
        let text = table([["name", "1", "https://example.com"]]).text(width: 5, style: .plain)
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.contains("name"))
    }
}
