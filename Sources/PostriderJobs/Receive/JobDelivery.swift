import Crypto
import HTTPTypes
import Logging
import QStash
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One delivery of a message: the checks in the order of the contract, each with its answer (application reference, 2.1).
///
/// Nothing is parsed, stored or logged of a body whose signature has not been verified.
struct JobDelivery: Sendable {
    let definition: JobDefinition
    let request: JobRequest
    let environment: JobEnvironment
    let span: any Span
    let facts: DeliveryFacts
    let logger: Logger

    init(definition: JobDefinition, request: JobRequest, environment: JobEnvironment, span: any Span) {
        self.definition = definition
        self.request = request
        self.environment = environment
        self.span = span
        self.facts = DeliveryFacts(request.head.headerFields, configuredRetries: definition.retries)
        var logger = environment.logger
        logger[metadataKey: TelemetryAttribute.jobType] = "\(definition.name)"
        logger[metadataKey: TelemetryAttribute.attempt] = "\(facts.attempt)"
        if let messageID = facts.messageID {
            logger[metadataKey: TelemetryAttribute.messageID] = "\(messageID)"
            // Until the job names its business event, the message is the event.
            logger[metadataKey: TelemetryAttribute.eventKey] = "\(messageID)"
        }
        self.logger = logger
    }

    var successKey: String? { definition.successKey }

    /// Steps 1 to 5: keys, signature, body, and the message's id.
    func answer() async -> JobAnswer {
        describe()
        guard let receiver = await receiver() else { return .configurationError }
        guard let signature = request.head.headerFields[FieldNames.signature], !signature.isEmpty else {
            refuse("missing_signature", signature: nil)
            return .unauthorized
        }
        let body: [UInt8]
        switch await readBody() {
        case .success(let bytes): body = bytes
        case .failure(let refusal):
            refuse(refusal.reason, signature: signature)
            return refusal.answer
        }
        do {
            try receiver.verify(body, signature: signature, url: url)
        } catch {
            refuse("invalid_signature", signature: signature)
            logger.debug("signature refused", metadata: ["code": "\(error.code)"])
            return .unauthorized
        }
        guard let messageID = facts.messageID else {
            let answer = JobAnswer.messageIDMissing
            await pushDeadLetter(answer, body: body)
            return answer
        }
        return await verified(body, messageID: messageID)
    }

    /// What the broker signed as the destination: the configured origin and the path as it was sent.
    private var url: String { environment.configuration.publicBaseURL + (request.head.path ?? "/") }

    private func describe() {
        guard span.isRecording else { return }
        span.updateAttributes { attributes in
            attributes[TelemetryAttribute.route] = definition.path
            attributes[TelemetryAttribute.table] = definition.table
            attributes[TelemetryAttribute.operation] = definition.operation
            attributes[TelemetryAttribute.attempt] = facts.attempt
            attributes[TelemetryAttribute.maxRetries] = facts.maxRetries
            attributes[TelemetryAttribute.finalAttempt] = facts.isFinalAttempt
            if let messageID = facts.messageID { attributes[TelemetryAttribute.messageID] = messageID }
        }
    }

    private func receiver() async -> QStashReceiver? {
        let found = await environment.receivers.receiver(
            environment.configuration.signingKeys,
            clock: environment.clock,
            tolerance: environment.configuration.clockTolerance
        )
        guard let found else {
            logger.error("there are no signing keys to verify deliveries with")
            return nil
        }
        if found.isNextMissing {
            environment.alert(
                OperationalAlert(name: TelemetryEvent.nextSigningKeyMissing, severity: .warning),
                atMostEvery: .seconds(6 * 3_600)
            )
        }
        return found.receiver
    }

    private struct BodyRefusal: Error {
        let reason: String
        let answer: JobAnswer
    }

    private func readBody() async -> Result<[UInt8], BodyRefusal> {
        let bytesMax = definition.bodyBytesMax ?? environment.configuration.bodyBytesMax
        let tooLarge = BodyRefusal(reason: "payload_too_large", answer: .payloadTooLarge)
        if let announced = request.head.headerFields[.contentLength].flatMap(Int.init), announced > bytesMax {
            return .failure(tooLarge)
        }
        do {
            guard let body = try await request.body.bytes(upTo: bytesMax) else { return .failure(tooLarge) }
            return .success(body)
        } catch {
            return .failure(BodyRefusal(reason: "body_read_error", answer: .badRequest))
        }
    }

    /// Notes a request that did not prove where it comes from; of the signature no more than a few digits of its hash.
    private func refuse(_ reason: String, signature: String?) {
        let addressHash = request.remoteAddress.flatMap(environment.telemetryHash.hash)
        if span.isRecording {
            var attributes: SpanAttributes = [:]
            attributes[TelemetryAttribute.hasSignature] = signature != nil
            attributes[TelemetryAttribute.path] = definition.path
            attributes[TelemetryAttribute.reason] = reason
            if let addressHash { attributes[TelemetryAttribute.addressHash] = addressHash }
            span.addEvent(SpanEvent(name: TelemetryEvent.unauthorizedAttempt, attributes: attributes))
        }
        var metadata: Logger.Metadata = [
            TelemetryAttribute.hasSignature: "\(signature != nil)",
            TelemetryAttribute.path: "\(definition.path)",
            TelemetryAttribute.reason: "\(reason)",
        ]
        if let signature {
            let digest = SHA256.hash(data: Array(signature.utf8)).prefix(4).hexadecimal
            metadata[TelemetryAttribute.signatureHash] = "\(digest)"
        }
        if let addressHash { metadata[TelemetryAttribute.addressHash] = "\(addressHash)" }
        logger.notice("\(TelemetryEvent.unauthorizedAttempt)", metadata: metadata)
    }
}
