import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Keeps a delivery's lock alive until its handler has really ended, and notices what must end the handler: a lost lock, too long a time, a
/// cancelled job.
///
/// A handler that is to end may go on for a while. Its lock is renewed until then, so that no other delivery runs beside it.
struct LockKeeper: Sendable {
    let context: JobContext
    let watch: HandlerWatch
    /// When the handler's time is over; nil when it is not limited.
    private let end: Date?

    /// - Parameter timeout: How long the handler may take, from now on.
    init(context: JobContext, timeout: Duration?, watch: HandlerWatch) {
        self.context = context
        self.watch = watch
        end = timeout.map { context.now.adding($0) }
    }

    /// Runs until the handler has ended, or the lock is lost.
    ///
    /// Every third of the lock's life it renews the lock and the reservation, and lets the job's record show a sign of life.
    func run() async {
        let beat = ChangeSignal()
        let isLost = await withTaskGroup(of: Void.self) { group in
            // Beside each other: neither a slow renewal nor a slow record holds the others up.
            if let end { group.addTask { await limit(to: end) } }
            group.addTask { await showLife(at: beat) }
            let isLost = await keep { beat.raise() }
            group.cancelAll()
            return isLost
        }
        guard !isLost, !watch.isEnded else { return }
        // The request is cancelled, and its handler not at its end yet.
        let task = Task(operation: { _ = await keep {} })
        watch.untilEnd(task)
        await task.value
    }

    /// Renews the lock again and again, until the task is cancelled.
    ///
    /// - Returns: Whether the lock was lost.
    private func keep(_ onRenewal: @Sendable () -> Void) async -> Bool {
        let ttl = context.lock.ttl
        let period = ttl / 3
        var pause = period
        while true {
            do { try await wait(pause) } catch { return false }
            let asked = context.now
            switch await renew(asked) {
            case .renewed:
                context.noteRenewal(until: asked.adding(ttl))
                onRenewal()
            case .lost:
                watch.interrupt(.lockLost)
                return true
            // Nobody knows whether it was renewed: it lives on until its last known end, and there is time for another try.
            case .unknown: break
            }
            // What the renewal took is no part of the wait; a clock that was set back makes none longer.
            let due = min(asked.adding(period), context.lockEndsAt)
            pause = min(period, max(.zero, context.now.duration(until: due)))
        }
    }

    private enum Renewal: Sendable { case renewed, lost, unknown }

    /// Asks the ledger; what has no answer by the end of the lock's known life is a lost lock.
    private func renew(_ asked: Date) async -> Renewal {
        let remaining = asked.duration(until: context.lockEndsAt)
        guard remaining > .zero else { return .lost }
        return await withTaskGroup(of: Renewal?.self) { group in
            group.addTask {
                do {
                    let ledger = context.storage.ledger
                    let isRenewed = try await ledger.renew(context.lock, reservation: context.reservation, now: asked)
                    return isRenewed ? .renewed : .lost
                } catch {
                    context.logger.warning("the delivery's lock could not be renewed")
                    return .unknown
                }
            }
            group.addTask {
                do { try await JobClockUse.$isBound.withValue(true) { try await wait(remaining) } } catch { return nil }
                // Said at once: the store may take its time to give up.
                watch.interrupt(.lockLost)
                return .lost
            }
            while let renewal = await group.next() {
                guard let renewal else { continue }
                group.cancelAll()
                return renewal
            }
            return .unknown
        }
    }

    /// Ends the handler when its time is over.
    private func limit(to end: Date) async {
        while context.now < end {
            let left = context.now.duration(until: end)
            do { try await JobClockUse.$isBound.withValue(true) { try await wait(left) } } catch { return }
        }
        watch.interrupt(.timedOut)
    }

    /// Writes a sign of life at each beat; a record that does not take it because it is cancelled ends the handler.
    private func showLife(at beat: ChangeSignal) async {
        guard let requestID = context.record?.requestID else { return }
        while true {
            await beat.wait()
            guard !Task.isCancelled else { return }
            do {
                let update = try await context.storage.records.apply(.heartbeat, to: requestID, now: context.now)
                guard case .unchanged(let record) = update, record.status == .cancelled else { continue }
                context.noteCancelled()
                return watch.interrupt(.cancelled)
            } catch {
                context.logger.warning("the job's heartbeat could not be written")
            }
        }
    }

    private func wait(_ duration: Duration) async throws {
        try await JobClockUse.$isBeside.withValue(true) { try await context.clock.sleep(for: duration) }
    }
}
