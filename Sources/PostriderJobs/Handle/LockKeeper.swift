import Logging

/// Keeps a delivery's lock alive while its handler runs, and notices what must end the handler: a lost lock, too long a time, a cancelled job.
struct LockKeeper: Sendable {
    let context: JobContext
    let timeout: Duration?

    /// Runs until there is a reason to end the handler; nil when the handler was first.
    ///
    /// Every third of the lock's life it renews the lock and the reservation, and lets the job's record show a sign of life.
    func run() async -> DeliveryEnding.Interruption? {
        let ttl = context.lock.ttl
        let period = ttl / 3
        var elapsed: Duration = .zero
        var sinceRenewal: Duration = .zero
        while true {
            let untilTimeout = timeout.map { $0 - elapsed } ?? period
            let untilRenewal = period - (sinceRenewal % period)
            let pause = min(untilRenewal, untilTimeout)
            do {
                try await JobClockUse.$isBeside.withValue(true) { try await context.clock.sleep(for: pause) }
            } catch {
                return nil
            }
            elapsed += pause
            sinceRenewal += pause
            if let timeout, elapsed >= timeout { return .timedOut }
            if pause < untilRenewal { continue }
            switch await renew() {
            case true?: sinceRenewal = .zero
            case false?: return .lockLost
            // Nobody knows whether it was renewed: it lives on until its last known end, and there is time for another try.
            case nil: if sinceRenewal >= ttl { return .lockLost }
            }
            if await isCancelled() { return .cancelled }
        }
    }

    /// - Returns: Nil when the store did not answer.
    private func renew() async -> Bool? {
        do {
            return try await context.storage.ledger.renew(
                context.lock,
                reservation: context.reservation,
                now: context.now
            )
        } catch {
            context.logger.warning("the delivery's lock could not be renewed")
            return nil
        }
    }

    /// Writes the sign of life; a record that does not take it because it is cancelled ends the handler.
    private func isCancelled() async -> Bool {
        guard let requestID = context.record?.requestID else { return false }
        do {
            let update = try await context.storage.records.apply(.heartbeat, to: requestID, now: context.now)
            guard case .unchanged(let record) = update, record.status == .cancelled else { return false }
            context.noteCancelled()
            return true
        } catch {
            context.logger.warning("the job's heartbeat could not be written")
            return false
        }
    }
}

extension Duration {
    fileprivate static func % (duration: Duration, period: Duration) -> Duration {
        duration - period * Int(duration / period)
    }
}
