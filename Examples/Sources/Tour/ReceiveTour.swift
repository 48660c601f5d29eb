import Foundation
package import HTTPTypes
package import Hummingbird
import NIOCore
package import QStash

/// Deliveries on the side that receives them.
package enum ReceiveTour {
    /// In any server: the body as it came, before anything is decoded.
    package static func verify(_ body: [UInt8], headers: HTTPFields, receiver: QStashReceiver) throws -> Order {
        try receiver.verify(body, headers: headers, url: "https://api.example.com/orders")
        let order = try JSONDecoder().decode(Order.self, from: Data(body))
        return order
    }

    /// What the signature says.
    package static func claims(
        _ body: String,
        signature: String?,
        receiver: QStashReceiver
    ) throws -> VerifiedSignature {
        let verified = try receiver.verify(body, signature: signature)
        // verified.url was called, and verified.key == .next after the server's keys were rotated
        return verified
    }

    /// A route of Hummingbird.
    package static func addRoute(
        to router: Router<BasicRequestContext>,
        receiver: QStashReceiver,
        place: @escaping @Sendable (Order) async throws -> Void
    ) {
        router.post("orders") { request, _ -> HTTPResponse.Status in
            let body = try await request.body.collect(upTo: 1_048_576)
            let url = "https://api.example.com/orders"
            do {
                try receiver.verify(body.readableBytesView, headers: request.headers, url: url)
            } catch {
                return .unauthorized
            }
            try await place(JSONDecoder().decode(Order.self, from: Data(body.readableBytesView)))
            return .ok
        }
    }

    /// A group of routes behind a middleware.
    package static func addGroup(
        to router: Router<BasicRequestContext>,
        receiver: QStashReceiver,
        place: @escaping @Sendable (Order) async throws -> Void
    ) {
        router.group("jobs")
            .add(middleware: QStashVerification(receiver: receiver, publicURL: "https://api.example.com"))
            .post("orders") { request, context -> Response in
                let order = try await request.decode(as: Order.self, context: context)
                guard order.total > 0 else { return .permanentRefusal }
                try await place(order)
                return Response(status: .ok)
            }
    }
}

extension Response {
    /// Says that another attempt would fail too: the message is given up at once.
    package static var permanentRefusal: Response {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Upstash-NonRetryable-Error") { headers[name] = "true" }
        return Response(status: HTTPResponse.Status(code: 489), headers: headers)
    }
}
