import QStash

/// Signing keys as text.
enum KeyText {
    private struct Record: Encodable {
        let current: String
        let next: String
    }

    /// The pair for a person, for a shell, or for a program.
    ///
    /// - Throws: `QStashError` with code `answer_invalid` for a key that no receiver could be given.
    static func text(of keys: SigningKeyPair, isExport: Bool, isJSON: Bool) throws -> String {
        for key in [keys.current, keys.next] {
            // Nothing else is safe both on a terminal and between the quotes of a shell.
            guard key.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "'") }) else {
                throw QStashError(.answerInvalid, "the server's keys have characters that no key has")
            }
        }
        if isJSON { return try JSONOutput.line(Record(current: keys.current, next: keys.next)) }
        if isExport {
            return """
                export QSTASH_CURRENT_SIGNING_KEY=\(quoted(keys.current))
                export QSTASH_NEXT_SIGNING_KEY=\(quoted(keys.next))

                """
        }
        return "current  \(keys.current)\nnext     \(keys.next)\n"
    }

    /// The key as one word of a shell.
    private static func quoted(_ key: String) -> String {
        let isPlain = key.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."):
                true
            default: false
            }
        }
        return isPlain ? key : "'\(key)'"
    }
}
