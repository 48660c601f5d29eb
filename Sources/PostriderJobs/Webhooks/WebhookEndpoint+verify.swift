import HTTPTypes
import Logging
import Tracing

extension WebhookEndpoint {
    /// Reads the body and has its signature checked.
    ///
    /// - Returns: The request, and the sender's id of the event if the signature covers one.
    func verify(_ visit: WebhookVisit) async throws(WebhookError) -> (SignedRequest, deliveryID: String?) {
        let request = SignedRequest(
            head: visit.request.head,
            body: try await body(visit),
            url: visit.environment.configuration.publicBaseURL + (visit.request.head.path ?? path.text),
            now: visit.now
        )
        let verdict: SignatureVerdict
        do {
            verdict = try await signature.verify(request)
        } catch {
            visit.logger.error("webhook.not_configured", metadata: ["error": "\(ErrorText.of(error))"])
            throw .unavailable("signature cannot be checked")
        }
        switch verdict {
        case .valid(let deliveryID): return (request, deliveryID)
        case .refused(let reason):
            visit.span.attributes[WebhookAttribute.unauthorized] = true
            visit.logger.warning("webhook.verification_failed", metadata: ["reason": "\(reason)"])
            throw .invalidSignature(reason)
        }
    }

    private func body(_ visit: WebhookVisit) async throws(WebhookError) -> [UInt8] {
        let announced = visit.request.head.headerFields[.contentLength].flatMap { Int($0) }
        do {
            if announced ?? 0 <= limits.bodyBytesMax,
                let body = try await visit.request.body.bytes(upTo: limits.bodyBytesMax)
            {
                return body
            }
        } catch {
            throw .unavailable("body cannot be read")
        }
        visit.span.attributes[WebhookAttribute.payloadTooLarge] = true
        throw .payloadTooLarge
    }
}
