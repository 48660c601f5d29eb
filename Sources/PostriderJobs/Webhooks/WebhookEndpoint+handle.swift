import Logging
import Tracing

extension WebhookEndpoint {
    /// Claims the event; nil when it was seen before.
    func reserve(_ event: WebhookEvent, _ visit: WebhookVisit) async throws(WebhookError) -> Reservation? {
        let reservation = Reservation(
            key: "idemp:hook:\(name):\(event.key.text)",
            owner: visit.environment.randomBytes(16).hexadecimal,
            ttl: limits.reservationTTL,
            doneTTL: limits.doneTTL ?? limits.reservationTTL
        )
        do {
            let result = try await visit.environment.storage.ledger.reserve(reservation, now: visit.now)
            return result == .reserved ? reservation : nil
        } catch {
            visit.logger.warning("webhook.reservation_error", metadata: ["error": "\(ErrorText.of(error))"])
            throw .unavailable("reservations unavailable")
        }
    }

    /// Calls the handler, and gives the claim back when the sender is to try again.
    func run(
        _ event: WebhookEvent,
        _ request: SignedRequest,
        _ reservation: Reservation,
        _ visit: WebhookVisit
    ) async throws(WebhookError) -> WebhookOutcome {
        do {
            let outcome = try await event.handle(context(event, request, visit))
            if outcome.isSkipped { visit.span.attributes[WebhookAttribute.skipped] = true }
            if let reason = outcome.reason { visit.span.attributes[WebhookAttribute.skipReason] = reason }
            await remember(event, reservation, visit)
            return outcome
        } catch {
            let failure = WebhookError(handlerError: error)
            if failure.asksForRetry { await release(reservation, visit) }
            throw failure
        }
    }

    private func context(
        _ event: WebhookEvent,
        _ request: SignedRequest,
        _ visit: WebhookVisit
    ) -> WebhookContext {
        var logger = visit.logger
        logger[metadataKey: "event_key"] = "\(event.key.text)"
        return WebhookContext(
            name: name,
            eventKey: event.key.text,
            head: request.head,
            body: request.body,
            now: visit.now,
            publisher: visit.environment.configuration.publisher,
            logger: logger,
            span: visit.span
        )
    }

    /// Keeps the event known for longer than it was reserved, where its key allows for it.
    private func remember(_ event: WebhookEvent, _ reservation: Reservation, _ visit: WebhookVisit) async {
        guard limits.doneTTL != nil, event.key.isUnique else { return }
        do {
            let environment = visit.environment
            try await outlivingCancellation {
                try await environment.storage.ledger.complete(reservation, now: environment.now)
            }
        } catch {
            // The event was handled, and the sender must hear so; it stays reserved for a while.
            visit.logger.warning("webhook.reservation_error", metadata: ["error": "\(ErrorText.of(error))"])
        }
    }

    private func release(_ reservation: Reservation, _ visit: WebhookVisit) async {
        do {
            let ledger = visit.environment.storage.ledger
            try await outlivingCancellation { try await ledger.release(reservation) }
            visit.span.attributes[WebhookAttribute.released] = true
        } catch {
            visit.logger.warning("webhook.reservation_error", metadata: ["error": "\(ErrorText.of(error))"])
        }
    }
}
