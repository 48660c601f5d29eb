import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobDelivery {
    /// Step 11: writes what an ending says.
    ///
    /// What goes wrong here is logged and changes no answer: the work is done, or will be tried again.
    func settle(
        _ settlement: DeliveryEnding.Settlement,
        _ lock: DeliveryLock,
        _ reservation: Reservation?,
        requestID: String?
    ) async {
        switch settlement {
        case .none: return
        case .commit(let recordChange): await commit(lock, reservation, requestID, recordChange)
        case .commitWithoutReservation:
            await commit(lock, nil, nil, nil)
            if let reservation { await giveBack(reservation) }
        case .release(let recordChange):
            if let recordChange, let requestID { await change(recordChange, requestID) }
            await release(lock, reservation)
        }
    }

    private func commit(
        _ lock: DeliveryLock,
        _ reservation: Reservation?,
        _ requestID: String?,
        _ recordChange: JobRecordChange?
    ) async {
        let completion = DeliveryCompletion(
            lock: lock,
            doneTTL: definition.doneTTL,
            reservation: reservation,
            requestID: requestID,
            recordChange: requestID == nil ? nil : recordChange,
            now: environment.now
        )
        let ledger = environment.storage.ledger
        do {
            if try await outlivingCancellation({ try await ledger.commit(completion) }) { return }
            logger.warning("the delivery's lock was lost before it was committed")
        } catch {
            logger.error("the delivery could not be committed")
        }
    }

    /// Gives a lock and a reservation back, as well as can be: else they run out.
    func release(_ lock: DeliveryLock, _ reservation: Reservation?) async {
        let ledger = environment.storage.ledger
        do {
            try await outlivingCancellation { try await ledger.release(lock, reservation: reservation) }
            if reservation != nil, span.isRecording { span.attributes[TelemetryAttribute.reservationReleased] = true }
        } catch {
            logger.warning("the delivery's lock could not be released")
        }
    }

    private func giveBack(_ reservation: Reservation) async {
        let ledger = environment.storage.ledger
        do {
            try await outlivingCancellation { try await ledger.release(reservation) }
        } catch {
            logger.warning("the reservation could not be released")
        }
    }

    func change(_ change: JobRecordChange, _ requestID: String) async {
        let records = environment.storage.records
        let now = environment.now
        do {
            _ = try await outlivingCancellation { try await records.apply(change, to: requestID, now: now) }
        } catch {
            logger.warning("the job's record could not be written")
        }
    }

    /// Changes the record that the message names if it is one of this job's.
    func changeOwnRecord(_ change: JobRecordChange, _ requestID: String) async {
        do {
            guard try await environment.storage.records.record(requestID)?.jobType == definition.name else { return }
        } catch {
            logger.warning("the job's record could not be read")
            return
        }
        await self.change(change, requestID)
    }

    /// Puts the message on the list of those that failed for good; the broker's own dead letters keep it whole.
    func pushDeadLetter(_ answer: JobAnswer, body: [UInt8]) async {
        let entry = DeadLetterEntry(
            id: RandomID.uuid(environment.randomBytes),
            jobType: definition.name,
            attempts: facts.attempt,
            error: answer.reason ?? "",
            errorCode: answer.code,
            failedAt: environment.now,
            messageID: facts.messageID,
            payload: Redactor.text(of: body)
        )
        if span.isRecording { span.attributes[TelemetryAttribute.deadLettered] = true }
        let index = environment.storage.deadLetters
        let count: Int
        do {
            count = try await environment.span(TelemetryEvent.deadLetterPushSpan) { _ in
                try await outlivingCancellation {
                    try await index.push(entry, entriesMax: DeadLetterPolicy.entriesMax, ttl: DeadLetterPolicy.ttl)
                }
            }
        } catch {
            logger.error("the dead letter could not be listed")
            return
        }
        let attributes = [TelemetryAttribute.jobType: definition.name]
        environment.alert(
            OperationalAlert(name: TelemetryEvent.deadLetterCreated, severity: .warning, attributes: attributes)
        )
        if count > DeadLetterPolicy.alertCount {
            environment.alert(
                OperationalAlert(name: TelemetryEvent.deadLetterThreshold, severity: .error, attributes: attributes)
            )
        }
    }
}
