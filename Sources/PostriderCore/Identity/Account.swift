/// Whose a message is: the name of an account, the same over changes of its secrets (decision 2).
package struct Account: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The account of a store with a single token.
    package static let standard = Account(name: "default")

    package let name: String

    package init(name: String) {
        self.name = name
    }

    package static func < (left: Account, right: Account) -> Bool { left.name < right.name }

    package var description: String { name }
}
