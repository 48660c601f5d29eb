/// What the messages of the tour carry.
package struct Order: Codable, Sendable, Hashable {
    /// The order's number.
    package var id: Int
    /// What it comes to.
    package var total: Double

    /// An order.
    package init(id: Int, total: Double) {
        self.id = id
        self.total = total
    }
}
