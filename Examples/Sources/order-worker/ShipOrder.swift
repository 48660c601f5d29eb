import PostriderJobs

/// What the job of shipping an order is told.
struct ShipOrder: JobParameters {
    static let jobName = "ship-order"

    /// The order, such as `order-7`.
    var orderID: String

    func validate(_ check: inout Validation) {
        check.that((1...64).contains(orderID.utf8.count), "orderID", "must have 1 to 64 bytes")
    }
}
