import QStashWire

extension WireIdentifier {
    /// The noun as the name of an option: `messageID` for `message id`.
    private static var optionName: String {
        var name = ""
        for word in noun.split(separator: " ") {
            if word == "id" { name += "ID" } else { name += name.isEmpty ? word.lowercased() : word.capitalizedFirst }
        }
        return name
    }

    /// The identifier as one segment of a path.
    ///
    /// - Throws: ``QStashError`` with code `identifier_empty`: an empty segment would mean all.
    func pathSegment() throws(QStashError) -> String {
        guard !rawValue.isEmpty else {
            throw QStashError(.identifierEmpty, "the \(Self.noun) is empty", option: Self.optionName)
        }
        // "." and ".." would be taken for steps through the path.
        guard rawValue != ".", rawValue != ".." else {
            throw QStashError(.optionInvalid, "the \(Self.noun) cannot be . or ..", option: Self.optionName)
        }
        return PercentEncoding.encode(rawValue)
    }

    /// The identifier when it is a name of letters, digits, `.`, `_` and `-`.
    ///
    /// - Throws: ``QStashError`` with code `identifier_empty` or `option_invalid`.
    func checkedName(option: String) throws(QStashError) -> String {
        guard !rawValue.isEmpty else {
            throw QStashError(.identifierEmpty, "the \(Self.noun) is empty", option: option)
        }
        guard WireName.isValid(rawValue), rawValue != ".", rawValue != ".." else {
            throw QStashError(
                .optionInvalid,
                "the \(Self.noun) has other characters than A-Z a-z 0-9 . _ -",
                option: option
            )
        }
        return rawValue
    }
}

extension Substring {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
