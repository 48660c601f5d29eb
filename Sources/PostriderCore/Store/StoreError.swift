/// Why a store could not do what it was asked.
package struct StoreError: Error, Equatable, CustomStringConvertible {
    /// What a caller may branch on.
    package struct Code: RawRepresentable, Hashable, Sendable {
        package let rawValue: String

        package init(rawValue: String) {
            self.rawValue = rawValue
        }

        /// The store could not be reached or failed; nothing was written.
        package static let unavailable = Code(rawValue: "store_unavailable")
        /// The store failed while making the write durable: it is there as a whole, or not at all.
        package static let uncertain = Code(rawValue: "store_uncertain")
        /// The disk is full; nothing was written.
        package static let full = Code(rawValue: "store_full")
        /// Another node holds the partition now; nothing was written and the result is to be dropped.
        package static let fenced = Code(rawValue: "store_fenced")
        /// The store was closed; nothing was written.
        package static let closed = Code(rawValue: "store_closed")
        /// What was read cannot be understood: damage, or a newer program's data.
        package static let unreadable = Code(rawValue: "store_unreadable")
        /// The folder cannot be used: in use by another process, not writable, or written by a newer program.
        package static let refused = Code(rawValue: "store_refused")
    }

    package let code: Code
    /// Words for the log; never sent to a client.
    package let detail: String

    package init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    package var description: String { "\(code.rawValue): \(detail)" }
}
