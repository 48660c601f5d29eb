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
        let asked = environment.now
        let lockEndsAt = asked.adding(definition.lockTTL)
        do {
            switch try await environment.storage.ledger.acquire(lock, now: asked) {
            case .acquired: break
            case .done:
                noteDuplicate()
                return .duplicate(successKey: successKey)
            case .held(let remaining): return .inProgress(remaining: remaining)
            }
        } catch {
            // Perhaps the lock was taken and only the answer was lost: then it is given back, or runs out.
            return await storeDown(body, lock, nil, lockEndsAt)
        }
        return await locked(body, messageID: messageID, lock, lockEndsAt)
    }

    /// Steps 7 to 9: what the body says, and whether its business event has happened already.
    private func locked(
        _ body: [UInt8],
        messageID: String,
        _ lock: DeliveryLock,
        _ lockEndsAt: Date
    ) async -> JobAnswer {
        let handler: JobDefinition.Handler
        let businessKey: String?
        switch definition.prepare(body) {
        case .malformed(let why): return await fail(.malformed(why), body: body, lock, lockEndsAt)
        case .invalid(let issues): return await fail(.invalid(issues), body: body, lock, lockEndsAt)
        case .ready(let key, let prepared):
            // A key without bound would be refused by a store's index, however often the message comes.
            (businessKey, handler) = (key.map { WebhookEventKey($0, isUnique: true).text }, prepared)
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
            return await storeDown(body, lock, isDuplicate ? nil : reservation, lockEndsAt)
        }
        if isDuplicate { return await endDuplicate(lock, lockEndsAt, start) }
        guard case .go(let record) = start else {
            let holding = Holding(lock: lock, reservation: reservation, requestID: nil, lockEndsAt: lockEndsAt)
            _ = await settle(.commitWithoutReservation, holding)
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
            lockEndsAt: lockEndsAt,
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

    /// How often a record is begun that others end at the same time.
    private static let startsMax = 3

    private func startRecord(messageID: String) async throws -> Start {
        // `X-Request-ID` is a header that others use as well: a record of another job is none of this one's.
        guard let requestID = try await ownRequestID() else { return .go(nil) }
        let change = JobRecordChange.started(
            attempt: facts.attempt,
            maxRetries: facts.maxRetries,
            messageID: messageID
        )
        let records = environment.storage.records
        for _ in 0..<Self.startsMax {
            switch try await records.apply(change, to: requestID, now: environment.now) {
            case .changed(let record): return .go(record)
            case .unchanged(let record) where record.status == .failed:
                // Delivered all the same: an operator retries the dead letter, or the job was given up too early. It begins again.
                _ = try await records.apply(.requeued, to: requestID, now: environment.now)
            case .unchanged(let record): return record.status == .cancelled ? .cancelled : .go(nil)
            case .missing: return .go(nil)
            }
        }
        return .go(nil)
    }

    /// The business event has happened, or is happening, under another message.
    private func endDuplicate(_ lock: DeliveryLock, _ lockEndsAt: Date, _ start: Start) async -> JobAnswer {
        noteDuplicate()
        var requestID: String?
        if case .go(let record?) = start { requestID = record.requestID }
        let result = JSONValue.object(["duplicate": true]).text
        let holding = Holding(lock: lock, reservation: nil, requestID: requestID, lockEndsAt: lockEndsAt)
        _ = await settle(.commit(.completed(resultData: result)), holding)
        return .duplicate(successKey: successKey)
    }

    func noteDuplicate() {
        guard span.isRecording else { return }
        span.attributes[TelemetryAttribute.duplicate] = true
        span.attributes[TelemetryAttribute.jobDuplicate] = true
    }

    /// The body can never be handled.
    private func fail(
        _ answer: JobAnswer,
        body: [UInt8],
        _ lock: DeliveryLock,
        _ lockEndsAt: Date
    ) async -> JobAnswer {
        guard !Task.isCancelled else {
            // Nobody hears the answer: the next attempt gives it again.
            await release(lock, nil)
            return answer
        }
        var requestID: String?
        do {
            requestID = try await ownRequestID()
        } catch {
            logger.warning("the job's record could not be read")
        }
        let change = JobRecordChange.failed(code: answer.code ?? "", message: answer.reason ?? "")
        let holding = Holding(lock: lock, reservation: nil, requestID: requestID, lockEndsAt: lockEndsAt)
        if await end(holding, change) == .written { await pushDeadLetter(answer, body: body) }
        return answer
    }

    /// Nobody knows what the store did: fail closed, and let the broker try again.
    ///
    /// After the last attempt the record ends and the message is listed as a dead letter, both or neither.
    private func storeDown(
        _ body: [UInt8],
        _ lock: DeliveryLock,
        _ reservation: Reservation?,
        _ lockEndsAt: Date
    ) async -> JobAnswer {
        logger.error("the store of deliveries cannot be reached")
        let answer = JobAnswer.storeDown
        guard facts.isFinalAttempt, !Task.isCancelled else {
            // Perhaps the lock was taken and only the answer was lost: then it is given back, or runs out.
            await release(lock, reservation)
            return answer
        }
        do {
            let requestID = try await ownRequestID()
            let change = JobRecordChange.failed(code: answer.code ?? "", message: answer.reason ?? "")
            let holding = Holding(
                lock: lock,
                reservation: reservation,
                requestID: requestID,
                lockEndsAt: lockEndsAt
            )
            if await end(holding, change) == .written { await pushDeadLetter(answer, body: body) }
        } catch {
            await release(lock, reservation)
        }
        return answer
    }
}
