/// What the payment provider tells: an order has been paid.
struct OrderPaid: Decodable, Sendable {
    var orderID: String
}
