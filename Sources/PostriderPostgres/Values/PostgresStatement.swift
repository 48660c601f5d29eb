#if Postgres
/// One SQL statement with its parameters.
package struct PostgresStatement: Sendable, Hashable {
    /// How the values of the result travel.
    package enum ResultFormat: Sendable, Hashable {
        /// As PostgreSQL prints them; any type can be read.
        case text
        /// As PostgreSQL keeps them: less work for numbers and bytes; types without a getter cannot be read.
        case binary
    }

    /// The statement, with `$1`, `$2`, … for the parameters.
    package var text: String

    /// What stands for `$1`, `$2` and so on.
    package var parameters: [PostgresValue]

    /// How the values of the result travel.
    package var resultFormat: ResultFormat

    /// Whether the server keeps the parsed statement for the next time, on connections that allow it.
    ///
    /// For texts that come again and again; never for texts made anew each time, which would only push others out.
    package var isPrepared: Bool

    package init(
        _ text: String,
        _ parameters: [PostgresValue] = [],
        resultFormat: ResultFormat = .text,
        isPrepared: Bool = false
    ) {
        self.text = text
        self.parameters = parameters
        self.resultFormat = resultFormat
        self.isPrepared = isPrepared
    }
}

extension PostgresStatement: ExpressibleByStringLiteral {
    package init(stringLiteral value: String) { self.init(value) }
}

extension PostgresStatement: CustomStringConvertible {
    /// The text without the parameters, which may be secret.
    package var description: String { text }
}
#endif
