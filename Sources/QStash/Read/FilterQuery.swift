#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes conditions as query parameters, each checked and each refusal naming its option.
///
/// Several values of one condition are a repeated parameter, of which one has to hold; conditions have to hold all.
struct FilterQuery {
    private(set) var parameters: [(name: String, value: String)] = []

    /// Adds identifiers.
    ///
    /// - Throws: ``QStashError`` with code `list_empty` for a list without any, `identifier_empty` for an empty one.
    mutating func add(
        _ name: String,
        _ identifiers: [some WireIdentifier]?,
        option: String
    ) throws(QStashError) {
        guard let identifiers else { return }
        try refuseEmpty(identifiers, option: option)
        for identifier in identifiers {
            guard !identifier.rawValue.isEmpty else {
                throw QStashError(.identifierEmpty, "\(option) has an empty identifier", option: option)
            }
            try append(name, identifier.rawValue, option: option)
        }
    }

    /// Adds texts.
    ///
    /// - Throws: ``QStashError`` with code `list_empty` for a list without any, `option_invalid` for an empty one.
    mutating func add(_ name: String, texts: [String]?, option: String) throws(QStashError) {
        guard let texts else { return }
        try refuseEmpty(texts, option: option)
        for text in texts {
            guard !text.isEmpty else {
                throw QStashError(.optionInvalid, "\(option) has an empty text", option: option)
            }
            try append(name, text, option: option)
        }
    }

    /// Adds statuses, 0 for no answer.
    mutating func add(_ name: String, statuses: [Int]?, option: String) throws(QStashError) {
        guard let statuses else { return }
        try refuseEmpty(statuses, option: option)
        for status in statuses {
            guard (0...999).contains(status) else {
                throw QStashError(.optionInvalid, "\(option) has a number that is no status", option: option)
            }
            parameters.append((name, "\(status)"))
        }
    }

    /// Adds a span of time, both ends inclusive.
    mutating func addTimes(from: Date?, to: Date?) throws(QStashError) {
        if let from { parameters.append(("fromDate", "\(try Self.milliseconds(from, option: "from"))")) }
        if let to { parameters.append(("toDate", "\(try Self.milliseconds(to, option: "to"))")) }
        if let from, let to, from > to {
            throw QStashError(.optionInvalid, "from lies after to, so that nothing can match", option: "from")
        }
    }

    /// Adds a bound on how many are listed or handled.
    mutating func addCount(_ count: Int?, option: String) throws(QStashError) {
        guard let count else { return }
        guard count >= 1 else { throw QStashError(.optionInvalid, "\(option) is at least 1", option: option) }
        parameters.append(("count", "\(count)"))
    }

    /// Adds the place to go on from.
    mutating func addCursor(_ cursor: Cursor?) throws(QStashError) {
        guard let cursor else { return }
        // Without it a listing would begin anew, for ever.
        guard !cursor.rawValue.isEmpty else {
            throw QStashError(.identifierEmpty, "the cursor is empty", option: "after")
        }
        parameters.append(("cursor", cursor.rawValue))
    }

    /// Adds the order, unless it is the server's own.
    mutating func addOrder(_ order: ListOrder, default usual: ListOrder) {
        if order != usual { parameters.append(("order", order.rawValue)) }
    }

    private func refuseEmpty(_ list: [some Sendable], option: String) throws(QStashError) {
        // Left out it would mean "any": the opposite of what an empty list says.
        guard !list.isEmpty else { throw QStashError(.listEmpty, "\(option) is empty", option: option) }
    }

    private mutating func append(_ name: String, _ value: String, option: String) throws(QStashError) {
        // A server may take it for two values (wire reference, section 11.3), and the filter would match more than it says.
        guard !value.utf8.contains(UInt8(ascii: ",")) else {
            throw QStashError(
                .optionInvalid,
                "\(option) has a value with a comma, which separates values",
                option: option
            )
        }
        parameters.append((name, value))
    }

    private static func milliseconds(_ date: Date, option: String) throws(QStashError) -> Int64 {
        let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
        guard milliseconds >= 0, milliseconds < 1e15 else {
            throw QStashError(.optionInvalid, "\(option) lies before 1970 or too far ahead", option: option)
        }
        return Int64(milliseconds)
    }
}
