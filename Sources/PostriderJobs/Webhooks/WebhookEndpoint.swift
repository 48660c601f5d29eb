import HTTPTypes
import Logging
import Tracing

/// Answers the requests of one hook, in the order of checks of the application reference, 4.2.
///
/// Rate limit, size of the body, secret and signature, form of the event, table, reservation, handler. Nothing of the body is parsed before
/// the signature holds, and nothing is reserved for an event of another table.
struct WebhookEndpoint: Endpoint {
    let name: String
    let path: RoutePath
    let signature: any WebhookSignature
    let limits: WebhookLimits

    /// Reads the event out of a request whose signature holds; the id is the sender's own, if the signature covers one.
    let read: @Sendable (_ request: SignedRequest, _ deliveryID: String?) throws(WebhookError) -> WebhookEvent

    var method: HTTPRequest.Method { .post }

    init(
        name: String,
        path: String?,
        signature: any WebhookSignature,
        limits: WebhookLimits,
        read: @escaping @Sendable (SignedRequest, String?) throws(WebhookError) -> WebhookEvent
    ) {
        let isPlain = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."): true
            default: false
            }
        }
        // The name stands before the event key in the keys of reservations: with a colon in it two hooks could share one.
        precondition(isPlain && !name.isEmpty, "the name of a hook is letters, digits, -, _ and ., not \(name)")
        let text = path ?? "/api/hooks/\(name)"
        precondition(text.hasPrefix("/"), "the path of a hook begins with /, not \(text)")
        self.name = name
        self.path = RoutePath(text)
        self.signature = signature
        self.limits = limits
        self.read = read
    }

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        await environment.span("webhook.\(name)", ofKind: .server) { span in
            span.attributes[TelemetryAttribute.route] = path.text
            span.attributes[WebhookAttribute.scope] = name
            var logger = environment.logger
            logger[metadataKey: "hook"] = "\(name)"
            let visit = WebhookVisit(
                request: request,
                environment: environment,
                span: span,
                logger: logger,
                now: environment.now
            )
            return await answer(visit)
        }
    }

    private func answer(_ visit: WebhookVisit) async -> JobResponse {
        guard let rate = await admit(visit) else {
            let error = WebhookError.unavailable("rate limit unavailable")
            Self.record(error, visit)
            return WebhookAnswer.refused(error, rate: .unknown(rateLimit, now: visit.now))
        }
        do throws(WebhookError) {
            guard rate.isAllowed else {
                visit.span.attributes[WebhookAttribute.rateLimited] = true
                throw .rateLimited(retryAfter: visit.now.duration(until: rate.resetsAt))
            }
            let outcome = try await handle(visit)
            return WebhookAnswer.ok(outcome, rate: WebhookRate(rateLimit, rate))
        } catch {
            Self.record(error, visit)
            return WebhookAnswer.refused(error, rate: WebhookRate(rateLimit, rate))
        }
    }

    private func handle(_ visit: WebhookVisit) async throws(WebhookError) -> WebhookOutcome {
        let (request, deliveryID) = try await verify(visit)
        let event: WebhookEvent
        do throws(WebhookError) {
            event = try read(request, deliveryID)
        } catch {
            visit.span.attributes[WebhookAttribute.validationError] = true
            throw error
        }
        Self.record(event, visit.span)
        guard event.isWanted else {
            visit.span.attributes[WebhookAttribute.skipped] = true
            visit.span.attributes[WebhookAttribute.skipReason] = "other_table"
            return .otherTable
        }
        guard let reservation = try await reserve(event, visit) else {
            visit.span.attributes[WebhookAttribute.duplicate] = true
            return .duplicate
        }
        return try await run(event, request, reservation, visit)
    }
}
