/// Text of others as it may stand on a terminal: what would command the terminal is made visible instead.
///
/// Everything that a server, a destination or a sender wrote goes through here, so that no payload can move the cursor, set the title
/// or turn the direction of writing. Control characters become `\n`, `\e`, `\u{9B}` and the like; a backslash stays as it is.
package enum VisibleText {
    /// How many scalars one character may have before the rest of them is dropped: a stack of accents is no text.
    private static let characterScalarsMax = 16

    private static let tab = "    "

    /// The text in one line: line breaks are made visible too.
    package static func line(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        var line = ""
        for character in text { append(character, to: &line) }
        return line
    }

    /// The text in its own lines, tabs as four blanks.
    package static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { part in
            // "\r\n" is a single character, which the separator does not match.
            part.split(separator: "\r\n", omittingEmptySubsequences: false)
        }.map { part in
            var line = ""
            for character in part {
                if character == "\t" { line += tab } else { append(character, to: &line) }
            }
            return line
        }
    }

    private static func append(_ character: Character, to line: inout String) {
        for scalar in character.unicodeScalars.prefix(characterScalarsMax) {
            if isHarmless(scalar) {
                line.unicodeScalars.append(scalar)
            } else {
                line += escape(scalar)
            }
        }
    }

    private static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20...0x7E).contains($0) }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0x200C, 0x200D: true  // Joiners, which scripts and emoji need.
        default:
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
            default: true
            }
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": #"\n"#
        case "\r": #"\r"#
        case "\t": #"\t"#
        case "\u{1B}": #"\e"#
        default: #"\u{\#(String(scalar.value, radix: 16, uppercase: true))}"#
        }
    }
}
