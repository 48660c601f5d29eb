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
    let timeout: Duration?
    let watch: HandlerWatch

    /// Waits until there is something to keep: at once where the handler's time is limited, else until the first renewal is due.
    func untilNeeded() async {
        guard timeout == nil else { return }
        try? await wait(context.lock.ttl / 3)
    }

    /// Keeps the lock until the task is cancelled, or the lock is lost.
    ///
    /// Every third of the lock's life it renews the lock and the reservation, and lets the job's record show a sign of life.
    func run() async {
        let end = timeout.map { context.now.adding($0) }
        let beat = ChangeSignal()
        await withTaskGroup(of: Void.self) { group in
            // Beside each other: neither a slow renewal nor a slow record holds the others up.
            if let end { group.addTask { await limit(to: end) } }
            if context.record != nil { group.addTask { await showLife(at: beat) } }
            await keep { beat.raise() }
            group.cancelAll()
        }
    }

    /// Keeps the lock of a handler that does not end although it is cancelled, until it does or the lock is lost.
    func goOn() async {
        guard watch.interruption != .lockLost, !watch.isEnded else { return }
        let task = Task(operation: { await keep {} })
        watch.untilEnd(task)
        await task.value
    }

    /// Renews the lock again and again, until the task is cancelled or the lock is lost.
    private func keep(_ onRenewal: @Sendable () -> Void) async {
        let ttl = context.lock.ttl
        let period = ttl / 3
        // What a renewal took, and what was before the first, is no part of the wait; a clock that was set back makes none longer.
        var due = context.lockEndsAt.adding(period - ttl)
        while true {
            let pause = min(period, max(.zero, context.now.duration(until: due)))
            if pause > .zero { do { try await wait(pause) } catch { return } }
            guard !Task.isCancelled else { return }
            let asked = context.now
            switch await renew(asked) {
            case .renewed:
                context.noteRenewal(until: asked.adding(ttl))
                onRenewal()
            case .lost: return watch.interrupt(.lockLost)
            // Nobody knows whether it was renewed: it lives on until its last known end, and there is time for another try.
            case .unknown: break
            }
            due = min(asked.adding(period), context.lockEndsAt)
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
