/// A refusal of input that breaks the contract.
///
/// Thrown before anything has changed. ``message`` is meant for the client: it names the offending header, says what to
/// do, and never repeats a token, a body or a header value.
package struct WireError: Error, Hashable, Sendable {
    /// What is wrong, stable across releases, for programs.
    package let code: Code

    /// What is wrong and what to do, in one line, for people.
    package let message: String

    /// The HTTP status of the answer: 400, or 412 when a quota of the server would be exceeded.
    package let status: Int

    /// A refusal with its answer.
    package init(_ code: Code, _ message: String, status: Int = 400) {
        self.code = code
        self.message = message
        self.status = status
    }
}

extension WireError {
    /// A stable name of a kind of refusal, in snake case.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The name as it travels in the `code` field of an error answer.
        package let rawValue: String

        /// A code of the given name.
        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        private init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The name as it travels.
        package var description: String { rawValue }

        /// A true-or-false option is neither `true` nor `false`.
        package static let booleanInvalid = Code("boolean_invalid")
        /// A callback's URL is malformed.
        package static let callbackInvalid = Code("callback_invalid")
        /// A callback asks for a callback of its own.
        package static let callbackNested = Code("callback_nested")
        /// A cron text is empty, too long or not printable ASCII.
        package static let cronInvalid = Code("cron_invalid")
        /// A deduplication id is empty, too long or contains a colon.
        package static let deduplicationIDInvalid = Code("deduplication_id_invalid")
        /// The time of delivery lies beyond the server's limit (412).
        package static let delayTooLong = Code("delay_too_long")
        /// The destination is neither a well-formed URL nor a possible name.
        package static let destinationInvalid = Code("destination_invalid")
        /// A duration does not follow `(<integer><unit>)+`.
        package static let durationInvalid = Code("duration_invalid")
        /// A retry-delay expression is malformed, too long, too deep or not finite.
        package static let expressionInvalid = Code("expression_invalid")
        /// Flow-control key and value are incomplete or out of range.
        package static let flowControlInvalid = Code("flow_control_invalid")
        /// A header that the delivery itself decides about cannot be forwarded.
        package static let headerForbidden = Code("header_forbidden")
        /// A header name to be forwarded is not an HTTP token.
        package static let headerNameInvalid = Code("header_name_invalid")
        /// An option is given more than once with different values.
        package static let headerRepeated = Code("header_repeated")
        /// An option's value is empty.
        package static let headerValueEmpty = Code("header_value_empty")
        /// A value contains CR, LF, NUL or another control character.
        package static let headerValueInvalid = Code("header_value_invalid")
        /// There are too many headers, or the forwarded ones or an option's value exceed the limit in bytes.
        package static let headersTooLarge = Code("headers_too_large")
        /// There are too many labels, or one is too long.
        package static let labelInvalid = Code("label_invalid")
        /// The method is not one that messages can be delivered with.
        package static let methodInvalid = Code("method_invalid")
        /// A queue name or schedule id has characters outside `[A-Za-z0-9._-]` or a bad length.
        package static let nameInvalid = Code("name_invalid")
        /// `Upstash-Not-Before` is not a whole number of Unix seconds.
        package static let notBeforeInvalid = Code("not_before_invalid")
        /// A query parameter of the API cannot be decoded, or there are too many.
        package static let queryInvalid = Code("query_invalid")
        /// `Upstash-Redact-Fields` names something that cannot be redacted.
        package static let redactInvalid = Code("redact_invalid")
        /// `Upstash-Retries` is not a whole number.
        package static let retriesInvalid = Code("retries_invalid")
        /// `Upstash-Retries` is above the server's limit (412).
        package static let retriesTooMany = Code("retries_too_many")
        /// `Upstash-Timeout` is zero.
        package static let timeoutInvalid = Code("timeout_invalid")
    }
}
