import HTTPTypes
import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobDelivery {
    /// Step 6: one delivery of a message at a time.
    func verified(_ body: [UInt8], messageID: String) async -> JobAnswer {
        let lock = DeliveryLock(
            key: "qstash:message:\(messageID)",
            owner: LockOwner(
                instance: environment.instance,
                life: environment.life,
                token: environment.randomBytes(16).hexadecimal
            ),
            ttl: definition.lockTTL
        )
        do {
            switch try await environment.storage.ledger.acquire(lock, now: environment.now) {
            case .acquired: break
            case .done:
                noteDuplicate()
                return .duplicate(successKey: successKey)
            case .held(let remaining): return .inProgress(remaining: remaining)
            }
        } catch {
            // Perhaps the lock was taken and only the answer was lost: then it is given back, or runs out.
            await release(lock, nil)
            return await storeDown(body)
        }
        return await locked(body, messageID: messageID, lock)
    }

    /// Steps 7 to 9: what the body says, and whether its business event has happened already.
    private func locked(_ body: [UInt8], messageID: String, _ lock: DeliveryLock) async -> JobAnswer {
        let handler: JobDefinition.Handler
        let businessKey: String?
        switch definition.prepare(body) {
        case .malformed(let why): return await fail(.malformed(why), body: body, lock)
        case .invalid(let issues): return await fail(.invalid(issues), body: body, lock)
        case .ready(let key, let prepared): (businessKey, handler) = (key, prepared)
        }
        var logger = logger
        var reservation: Reservation?
        if let businessKey {
            logger[metadataKey: TelemetryAttribute.eventKey] = "\(businessKey)"
            // The message owns the claim: its next attempt takes up what a crashed one left behind.
            reservation = Reservation(
                key: "idemp:\(businessKey)",
                owner: messageID,
                ttl: definition.reservationTTL,
                doneTTL: definition.doneTTL
            )
        }
        if span.isRecording { span.attributes[TelemetryAttribute.spanEventKey] = businessKey ?? messageID }
        var isDuplicate = false
        let start: Start
        do {
            if let reservation {
                isDuplicate =
                    try await environment.storage.ledger.reserve(reservation, now: environment.now) == .duplicate
            }
            start = try await startRecord(messageID: messageID)
        } catch {
            await release(lock, isDuplicate ? nil : reservation)
            return await storeDown(body)
        }
        if isDuplicate { return await endDuplicate(lock, start) }
        guard case .go(let record) = start else {
            await settle(.commitWithoutReservation, lock, reservation, requestID: nil)
            return .skipped(reason: "cancelled", successKey: successKey)
        }
        let context = JobContext(
            facts: facts,
            headers: request.head.headerFields,
            body: body,
            logger: logger,
            span: span,
            record: record,
            lock: lock,
            doneTTL: definition.doneTTL,
            reservation: reservation,
            environment: environment
        )
        return await handle(handler, context)
    }

    /// What the job's record says about beginning.
    private enum Start {
        /// The record as the attempt begins; nil when there is none that goes on.
        case go(JobRecord?)
        case cancelled
    }

    private func startRecord(messageID: String) async throws -> Start {
        guard let requestID = facts.requestID else { return .go(nil) }
        let change = JobRecordChange.started(
            attempt: facts.attempt,
            maxRetries: facts.maxRetries,
            messageID: messageID
        )
        // `X-Request-ID` is a header that others use as well: a record of another job is none of this one's.
        guard let known = try await environment.storage.records.record(requestID), known.jobType == definition.name
        else { return .go(nil) }
        switch try await environment.storage.records.apply(change, to: requestID, now: environment.now) {
        case .changed(let record): return .go(record)
        case .unchanged(let record): return record.status == .cancelled ? .cancelled : .go(nil)
        case .missing: return .go(nil)
        }
    }

    /// The business event has happened, or is happening, under another message.
    private func endDuplicate(_ lock: DeliveryLock, _ start: Start) async -> JobAnswer {
        noteDuplicate()
        var requestID: String?
        if case .go(let record?) = start { requestID = record.requestID }
        let result = JSONValue.object(["duplicate": true]).text
        await settle(.commit(.completed(resultData: result)), lock, nil, requestID: requestID)
        return .duplicate(successKey: successKey)
    }

    private func noteDuplicate() {
        guard span.isRecording else { return }
        span.attributes[TelemetryAttribute.duplicate] = true
        span.attributes[TelemetryAttribute.jobDuplicate] = true
    }

    /// The body can never be handled.
    private func fail(_ answer: JobAnswer, body: [UInt8], _ lock: DeliveryLock) async -> JobAnswer {
        await release(lock, nil)
        if let requestID = facts.requestID {
            let change = JobRecordChange.failed(code: answer.code ?? "", message: answer.reason ?? "")
            await changeOwnRecord(change, requestID)
        }
        await pushDeadLetter(answer, body: body)
        return answer
    }

    /// Nobody knows what the store did: fail closed, and let the broker try again.
    private func storeDown(_ body: [UInt8]) async -> JobAnswer {
        logger.error("the store of deliveries cannot be reached")
        if facts.isFinalAttempt { await pushDeadLetter(.storeDown, body: body) }
        return .storeDown
    }
}
