import QStashWire
import Testing

@Suite struct HeaderFieldTests {
    @Test(arguments: [
        ("test-header", "Test-Header"), ("CONTENT-TYPE", "Content-Type"), ("x", "X"), ("x-1a-b", "X-1a-B"),
        ("-a--b-", "-A--B-"), ("etag", "Etag"), ("_x-y", "_x-Y"),
    ])
    func canonicalNamesAreInMIMECase(name: String, canonical: String) {
        #expect(HeaderField.canonicalName(name) == canonical)
    }

    @Test(arguments: ["", "a b", "ä-b", "a\r\nb"])
    func aNameThatIsNoneStaysAsItIs(name: String) {
        #expect(HeaderField.canonicalName(name) == name)
    }

    @Test(arguments: ["X-Trace", "a", "!#$%&'*+-.^_`|~09", "x-" + String(repeating: "y", count: 10_000)])
    func tokensAreNames(name: String) {
        #expect(HeaderField.isValidName(name))
    }

    @Test(arguments: ["", " ", "a b", "a:", "ä", "a\n", "a\0", "(a)", "a/b", "a\u{7F}"])
    func otherTextsAreNoNames(name: String) {
        #expect(!HeaderField.isValidName(name))
    }

    @Test(arguments: ["", "a", "a\tb", "grün", "a b; c=\"d\""])
    func ordinaryTextsAreValues(value: String) {
        #expect(HeaderField.isValidValue(value))
    }

    @Test(arguments: ["a\r", "a\nb", "\0", "\u{1}", "\u{1F}", "\u{7F}", "a\r\nEvil: 1"])
    func controlCharactersAreRefusedInValues(value: String) {
        #expect(!HeaderField.isValidValue(value))
    }

    @Test func namesCompareInAnyCase() {
        let field = HeaderField(name: "Content-Type", value: "a")
        #expect(field.isNamed("content-TYPE"))
        #expect(!field.isNamed("Content-Typ"))
        // The bit that separates cases of letters also separates these two.
        #expect(!HeaderField(name: "a^", value: "").isNamed("a~"))
    }
}
