import NIOCore
import PostriderAddressGuard
import PostriderCore
import QStashWire

/// One request under way, from its arrival at the event loop to its outcome; confined to that loop.
final class DeliveryExchange {
    /// What is at work on the exchange, and so has to stop when it is abandoned.
    enum Carrier {
        case none
        case dial(ConnectionDial)
        case connection(DeliveryConnection)
    }

    let url: DestinationURL
    let origin: String
    let request: RequestBytes
    let responseBodyBytesMax: Int
    let policy: AddressPolicy
    let deadline: NIODeadline
    var carrier = Carrier.none

    /// Taken by the first outcome, so that there is never a second.
    private var continuation: CheckedContinuation<AttemptOutcome, Never>?

    init(_ order: DeliveryOrder, continuation: CheckedContinuation<AttemptOutcome, Never>) {
        self.url = order.url
        self.origin = order.origin
        self.request = order.request
        self.responseBodyBytesMax = order.responseBodyBytesMax
        self.policy = order.policy
        self.deadline = order.deadline
        self.continuation = continuation
    }

    func finish(_ outcome: AttemptOutcome) {
        carrier = .none
        continuation?.resume(returning: outcome)
        continuation = nil
    }

    /// Stops whatever is at work; the outcome is `abandoned` unless there is one already.
    func abandon() {
        switch carrier {
        case .none: break
        case .dial(let dial): dial.abandon()
        case .connection(let connection): connection.abandon()
        }
        finish(.failed(.abandoned))
    }
}

/// What travels from the caller to an event loop to become a ``DeliveryExchange`` there.
struct DeliveryOrder: Sendable {
    let url: DestinationURL
    /// The URL's origin, which is composed anew each time it is asked for.
    let origin: String
    let request: RequestBytes
    let responseBodyBytesMax: Int
    let policy: AddressPolicy
    let deadline: NIODeadline
}

/// Where an order stands, for cancellation, which may come before the order has reached its event loop.
enum DeliveryTicket {
    case ordered
    case underWay(DeliveryExchange)
    case withdrawn
}
