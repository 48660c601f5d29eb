import Logging
import Tracing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobDelivery {
    /// What a delivery holds when it ends.
    struct Holding: Sendable {
        let lock: DeliveryLock
        let reservation: Reservation?
        /// The record that ends with it; nil when there is none.
        let requestID: String?
        /// When the lock runs out, as far as is known.
        let lockEndsAt: Date
    }

    /// What became of the writes at an end.
    enum Settled: Sendable, Hashable {
        /// All is written.
        case written
        /// Nothing was: the message had been committed before.
        case done
        /// Nothing was: the lock is another's.
        case lost
        /// The store did not say.
        case unknown
    }

    /// Waits before further tries of a write to which the store did not answer.
    private static let pauses: [Duration] = [.milliseconds(250), .seconds(1)]

    /// Step 11: writes what an ending says.
    ///
    /// What goes wrong with a commit is logged and changes no answer: the work is done.
    func settle(_ settlement: DeliveryEnding.Settlement, _ holding: Holding) async -> Settled {
        switch settlement {
        case .none: return .written
        case .commit(let change): return await commit(holding, change)
        case .commitWithoutReservation:
            let bare = Holding(lock: holding.lock, reservation: nil, requestID: nil, lockEndsAt: holding.lockEndsAt)
            let settled = await commit(bare, nil)
            // Behind the done marker no other delivery of the message is at work under the reservation.
            if settled == .written, let reservation = holding.reservation { await giveBack(reservation) }
            return settled
        case .release(let change): return await end(holding, change)
        }
    }

    private func commit(_ holding: Holding, _ change: JobRecordChange?) async -> Settled {
        let environment = environment
        let definition = definition
        let ledger = environment.storage.ledger
        let write: @Sendable () async throws -> Bool = {
            let completion = DeliveryCompletion(
                lock: holding.lock,
                doneTTL: definition.doneTTL,
                reservation: holding.reservation,
                requestID: holding.requestID,
                recordChange: holding.requestID == nil ? nil : change,
                now: environment.now
            )
            return try await ledger.commit(completion)
        }
        let settled = await tried(until: holding.lockEndsAt) { isRepeated in
            if try await write() { return .written }
            guard isRepeated else { return .lost }
            // Perhaps an earlier try was written, and only the answer to it was lost.
            switch try await ledger.acquire(holding.lock, now: environment.now) {
            case .done: return .written
            case .held: return .lost
            case .acquired: return try await write() ? .written : .lost
            }
        }
        switch settled {
        case .written, .done: break
        case .lost: logger.warning("the delivery's lock was lost before it was committed")
        case .unknown:
            logger.error("the delivery could not be committed")
            // The work is done: at least its record says so.
            if let change, let requestID = holding.requestID { await self.change(change, requestID) }
        }
        return settled
    }

    /// Gives back what the delivery holds and ends its record, while all of that is still its own.
    func end(_ holding: Holding, _ change: JobRecordChange?) async -> Settled {
        let environment = environment
        let ledger = environment.storage.ledger
        let write: @Sendable () async throws -> Bool = {
            let release = DeliveryRelease(
                lock: holding.lock,
                reservation: holding.reservation,
                requestID: change == nil ? nil : holding.requestID,
                recordChange: holding.requestID == nil ? nil : change,
                now: environment.now
            )
            return try await ledger.release(release)
        }
        let settled = await tried(until: .distantFuture) { _ in
            if try await write() { return .written }
            // The handler's commit may have been written without an answer, and so may an earlier try of this.
            switch try await ledger.acquire(holding.lock, now: environment.now) {
            case .done: return .done
            case .held: return .lost
            case .acquired: return try await write() ? .written : .lost
            }
        }
        switch settled {
        case .written: noteReleased(holding.reservation)
        case .done: break
        case .lost: logger.warning("the delivery's lock was lost before it was released")
        case .unknown: logger.warning("the delivery's lock could not be released")
        }
        return settled
    }

    /// Tries a write until the store answers, a few times; a cancelled request does not wait in between.
    private func tried(
        until end: Date,
        _ write: @escaping @Sendable (_ isRepeated: Bool) async throws -> Settled
    ) async -> Settled {
        for (number, pause) in ([.zero] + Self.pauses).enumerated() {
            if number > 0 {
                guard environment.now.adding(pause) < end else { break }
                try? await environment.clock.sleep(for: pause)
            }
            do {
                return try await sparedCancellation { try await write(number > 0) }
            } catch {
                continue
            }
        }
        return .unknown
    }

    /// Gives a lock and a reservation back, as well as can be: else they run out.
    func release(_ lock: DeliveryLock, _ reservation: Reservation?) async {
        let ledger = environment.storage.ledger
        let release = DeliveryRelease(lock: lock, reservation: reservation, now: environment.now)
        do {
            if try await outlivingCancellation({ try await ledger.release(release) }) { noteReleased(reservation) }
        } catch {
            logger.warning("the delivery's lock could not be released")
        }
    }

    private func noteReleased(_ reservation: Reservation?) {
        if reservation != nil, span.isRecording { span.attributes[TelemetryAttribute.reservationReleased] = true }
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

    /// The request id of the record that the message names, if it is one of this job's; nil when there is none.
    func ownRequestID() async throws -> String? {
        guard let requestID = facts.requestID else { return nil }
        let record = try await environment.storage.records.record(requestID)
        return record?.jobType == definition.name ? requestID : nil
    }
}
