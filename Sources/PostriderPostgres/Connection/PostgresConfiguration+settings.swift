#if Postgres
extension PostgresConfiguration {
    /// The statements that set the time-outs and the settings given, for the session or for one transaction.
    func settingsText(isLocal: Bool, statementTimeout: Duration) -> String {
        let verb = isLocal ? "SET LOCAL" : "SET"
        var text = """
            \(verb) statement_timeout=\(Self.milliseconds(statementTimeout));\
            \(verb) lock_timeout=\(Self.milliseconds(limits.lockTimeout));\
            \(verb) idle_in_transaction_session_timeout=\(Self.milliseconds(limits.idleInTransactionTimeout))
            """
        for (name, value) in transactionSettings {
            text += ";\(verb) \(Self.settingName(name))=\(Self.quoted(literal: value))"
        }
        return text
    }

    /// A name in double quotes, for a place that takes no parameter.
    package static func quoted(identifier: String) -> String { "\"" + doubling("\"", in: identifier) + "\"" }

    /// A text in single quotes, for a place that takes no parameter.
    package static func quoted(literal: String) -> String {
        // With backslashes doubled the E form means the same under any setting of standard_conforming_strings.
        let text = doubling("'", in: literal)
        guard text.unicodeScalars.contains("\\") else { return "'" + text + "'" }
        return " E'" + doubling("\\", in: text) + "'"
    }

    // By scalars: a quotation mark with a combining mark is another Character, and ends the literal all the same.
    private static func doubling(_ scalar: Unicode.Scalar, in text: String) -> String {
        var doubled = String.UnicodeScalarView()
        for other in text.unicodeScalars where other != "\0" {
            doubled.append(other)
            if other == scalar { doubled.append(other) }
        }
        return String(doubled)
    }

    /// `"a"."b"` for a setting `a.b`.
    private static func settingName(_ name: String) -> String {
        name.split(separator: ".", omittingEmptySubsequences: false).map { quoted(identifier: String($0)) }
            .joined(separator: ".")
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let parts = duration.components
        return max(1, parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000)
    }
}
#endif
