import HTTPTypes

/// The header fields of a provider while they are put together, each checked.
///
/// The field type replaces characters that HTTP does not allow, so that a wrong secret would be sent in silence: it is refused here.
struct ProviderHeaders {
    private(set) var fields = HTTPFields()

    /// Adds a secret, in printable ASCII without blanks.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option and never its value.
    mutating func append(
        _ name: String,
        secret: String,
        scheme: String = "",
        option: String
    ) throws(QStashError) {
        guard !secret.isEmpty else { throw QStashError(.optionInvalid, "\(option) is empty", option: option) }
        guard secret.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            // A file that ends in a newline is the usual reason.
            throw QStashError(
                .optionInvalid,
                "\(option) has a blank, a newline or another character that no token has",
                option: option
            )
        }
        try append(name, value: scheme + secret, option: option)
    }

    /// Adds a value.
    ///
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option and never its value.
    mutating func append(_ name: String, value: String, option: String) throws(QStashError) {
        guard let name = HTTPField.Name(name), HTTPField.isValidValue(value) else {
            throw QStashError(.optionInvalid, "\(option) cannot be sent in a header", option: option)
        }
        fields.append(HTTPField(name: name, value: value))
    }
}
