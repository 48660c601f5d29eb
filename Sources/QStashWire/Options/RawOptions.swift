/// The options of a request as text, collected from headers first and then from the query.
///
/// Holds the rules that all options share: a header wins over the query, values are trimmed and free of control
/// characters, lists add up, and an option given twice must say the same both times.
struct RawOptions {
    /// Where a value came from.
    enum Source: Sendable {
        case header, query
    }

    private struct Entry {
        let option: OptionName
        let recipient: HeaderRoute.Recipient
        let source: Source
        var value: String
    }

    private var entries: [Entry] = []

    /// Takes one value.
    ///
    /// - Throws: ``WireError`` with code `headerValueInvalid`, `headerValueEmpty` or `headerRepeated`.
    mutating func take(
        _ option: OptionName,
        _ recipient: HeaderRoute.Recipient,
        _ value: String,
        from source: Source
    ) throws(WireError) {
        guard HeaderField.isValidValue(value) else {
            throw WireError(
                .headerValueInvalid,
                "\(recipient.prefix)\(option.text) has a control character in its value: remove it"
            )
        }
        let trimmed = value.trimmingBlanks
        guard !trimmed.isEmpty || option.mayBeEmpty else {
            throw WireError(
                .headerValueEmpty,
                "\(recipient.prefix)\(option.text) is empty: give a value or leave it out"
            )
        }
        guard let index = entries.firstIndex(where: { $0.option == option && $0.recipient == recipient }) else {
            entries.append(Entry(option: option, recipient: recipient, source: source, value: trimmed))
            return
        }
        guard entries[index].source == source else { return }
        if option.isList {
            entries[index].value += ",\(trimmed)"
        } else if entries[index].value != trimmed {
            throw WireError(
                .headerRepeated,
                "\(recipient.prefix)\(option.text) is given more than once with different values: give it once"
            )
        }
    }

    /// The value of an option, or nil when it is not given.
    func value(of option: OptionName, for recipient: HeaderRoute.Recipient = .message) -> String? {
        for entry in entries where entry.option == option && entry.recipient == recipient {
            return entry.value
        }
        return nil
    }
}
