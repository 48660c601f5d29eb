#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobDelivery {
    /// Step 10: the handler, with its lock kept alive beside it.
    func handle(_ handler: @escaping JobDefinition.Handler, _ context: JobContext) async -> JobAnswer {
        let (result, interruption) = await run(handler, context)
        let committed = context.committed
        let ending = DeliveryEnding.decide(
            result,
            interruption: interruption,
            isRequestCancelled: Task.isCancelled,
            committed: committed,
            facts: facts,
            lockTTL: definition.lockTTL,
            successKey: successKey
        )
        if case .release = ending.settlement, let report = context.flushProgress(), let record = context.record {
            await change(report, record.requestID)
        }
        let holding = Holding(
            lock: context.lock,
            reservation: context.reservation,
            requestID: context.record?.requestID,
            lockEndsAt: context.lockEndsAt
        )
        let settled = await settle(ending.settlement, holding)
        tell(result, committed: committed, ending, isWritten: settled == .written, context.logger)
        guard case .release = ending.settlement else { return ending.answer }
        switch settled {
        case .written:
            if ending.isDeadLetter { await pushDeadLetter(ending.answer, body: context.body) }
            return ending.answer
        case .done:
            // The handler's own commit was written, and only the answer to it was lost.
            noteDuplicate()
            return .duplicate(successKey: successKey)
        case .lost: return .inProgress(remaining: definition.lockTTL)
        // Neither the record nor the list of dead letters says that it failed: the sweeper and the broker will.
        case .unknown: return ending.answer
        }
    }

    /// What a part of a running handler's surroundings has to say.
    private enum Part: Sendable {
        case ended(Result<JobOutcome, any Error>)
        /// Most handlers have ended by then; this one's lock needs keeping.
        case isLong
        case interrupted
        case kept
    }

    /// Runs the handler to its end: it is cancelled when the keeper says so, or the request is, and always waited for.
    private func run(
        _ handler: @escaping JobDefinition.Handler,
        _ context: JobContext
    ) async -> (Result<JobOutcome, any Error>, DeliveryEnding.Interruption?) {
        let watch = HandlerWatch()
        let keeper = LockKeeper(context: context, timeout: definition.timeout, watch: watch)
        return await withTaskGroup(of: Part.self) { group in
            group.addTask {
                let result: Result<JobOutcome, any Error>
                do { result = .success(try await handler(context)) } catch { result = .failure(error) }
                watch.end()
                return .ended(result)
            }
            // Short handlers, which most are, cost one wait: whatever keeps a lock begins when the first renewal is due.
            group.addTask {
                await keeper.untilNeeded()
                return .isLong
            }
            var result: Result<JobOutcome, any Error>?
            while let part = await group.next() {
                switch part {
                case .ended(let ended):
                    result = ended
                    group.cancelAll()
                case .isLong where result == nil:
                    group.addTask {
                        await keeper.run()
                        return .kept
                    }
                    group.addTask {
                        await watch.interrupted.wait()
                        return .interrupted
                    }
                case .interrupted where result == nil: group.cancelAll()
                case .kept where result == nil:
                    // Its end is asked for, or the request is cancelled; it may take its time, and keeps its lock.
                    group.cancelAll()
                    await keeper.goOn()
                case .isLong, .interrupted, .kept: break
                }
            }
            return (result ?? .failure(CancellationError()), watch.interruption)
        }
    }
}
