/// Why the broker refused what it was asked; nothing was changed.
package struct BrokerError: Error, Equatable {
    /// A stable word for programs: the `code` of the answer.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// More is under way than the broker admits; trying again later helps.
        package static let overloaded = Code(rawValue: "overloaded")
        /// The destination's address may not be dialled.
        package static let destinationForbidden = Code(rawValue: "destination_forbidden")
        /// The destination's host does not exist.
        package static let hostNotFound = Code(rawValue: "host_not_found")
        /// No such message, for this account and this store.
        package static let messageNotFound = Code(rawValue: "message_not_found")
        /// No such dead letter, for this account.
        package static let deadLetterNotFound = Code(rawValue: "dead_letter_not_found")
    }

    package let code: Code
    /// Words for the client: what is wrong and what to do.
    package let message: String

    package init(_ code: Code, message: String) {
        self.code = code
        self.message = message
    }
}
