import Crypto
package import HTTPTypes
import Logging
package import PostriderJobs
package import QStash

/// Webhooks: what others call.
package enum WebhookTour {
    /// What the job that follows a change is told.
    struct NotifyCollaborators: JobParameters {
        static let jobName = "notify-collaborators"

        var eventKey: String
        var payload: JSONValue
    }

    /// A hook for the changes of a table.
    package static func database(_ secret: String?) -> JobRoutes {
        var routes = JobRoutes()
        routes.databaseWebhook("trips", table: "trip_collaborators", signature: .hmac(secret)) { event, context in
            guard event.row?["trip_id"] != nil else { return .skipped(reason: "trip_not_found") }
            try await context.publisher?.publish(
                NotifyCollaborators(eventKey: context.eventKey, payload: event.normalised),
                options: JobPublishOptions(deduplicationID: "notify:\(context.eventKey)")
            )
            return .done(["enqueued": true])
        }
        return routes
    }

    /// What a payment provider tells.
    struct InvoicePaid: Codable, Sendable {
        var invoice: String
        var amount: Int
    }

    /// A hook by the Standard Webhooks specification; two secrets while they are exchanged.
    package static func billing(_ secret: String, _ nextSecret: String) throws -> JobRoutes {
        var routes = JobRoutes()
        routes.webhook("billing", signature: try .standardWebhooks(secret, nextSecret)) {
            (paid: InvoicePaid, context) in
            guard paid.amount > 0 else { throw WebhookError.invalidRequest("amount") }
            context.logger.info("paid", metadata: ["event": "\(context.eventKey)"])
            return .done
        }
        return routes
    }

    /// What the other side of it does.
    package static func signed(_ secret: String, body: [UInt8], clock: any JobClock) throws -> HTTPFields {
        try StandardWebhooksSignature(secrets: [secret]).fields(id: "evt_1", now: clock.now, body: body)
    }

    /// A hook that the broker calls, such as a callback.
    package static func callback(_ receiver: QStashReceiver) -> JobRoutes {
        var routes = JobRoutes()
        routes.webhook("delivered", signature: .qstash(receiver)) { (result: JSONValue, context) in
            .done(["status": result["status"] ?? .null])
        }
        return routes
    }

    /// Errors of a handler, and a rate of its own.
    package static func errors(_ find: @escaping @Sendable (String) async throws -> Bool) -> JobRoutes {
        var routes = JobRoutes()
        routes.webhook(
            "refunds",
            signature: .hmac("a secret of at least 32 characters"),
            eventKey: { (refund: InvoicePaid) in "refund:\(refund.invoice)" },
            rateLimit: RateLimit(requests: 10, per: .seconds(60))
        ) { refund, context in
            guard try await find(refund.invoice) else { throw WebhookError.notFound("invoice") }
            return .done
        }
        return routes
    }

    /// A signature of your own: here the one of GitHub's webhooks.
    struct GitHubSignature: WebhookSignature {
        let secret: SymmetricKey

        func verify(_ request: SignedRequest) -> SignatureVerdict {
            guard let name = HTTPField.Name("X-Hub-Signature-256"), let text = request.head.headerFields[name],
                text.hasPrefix("sha256="), let code = Self.bytes(hex: text.dropFirst(7))
            else { return .refused(reason: "signature_missing") }
            // Compares in constant time.
            guard HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: request.body, using: secret)
            else { return .refused(reason: "signature_mismatch") }
            return .valid(deliveryID: nil)
        }
    }

    /// A hook with it.
    package static func github(_ secret: String) -> JobRoutes {
        var routes = JobRoutes()
        let signature = GitHubSignature(secret: SymmetricKey(data: Array(secret.utf8)))
        routes.webhook("github", signature: signature) { (event: JSONValue, context) in
            .done(["action": event["action"] ?? .null])
        }
        return routes
    }
}

extension WebhookTour.GitHubSignature {
    /// The bytes of 64 hexadecimal digits; nil for anything else.
    fileprivate static func bytes(hex: Substring) -> [UInt8]? {
        let digits = hex.utf8.compactMap { Character(UnicodeScalar($0)).hexDigitValue }
        guard digits.count == 64, hex.utf8.count == 64 else { return nil }
        return stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] * 16 + digits[$0 + 1]) }
    }
}
