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

    /// Runs the handler to its end: it is cancelled when the keeper says so, or the request is, and always waited for.
    private func run(
        _ handler: @escaping JobDefinition.Handler,
        _ context: JobContext
    ) async -> (Result<JobOutcome, any Error>, DeliveryEnding.Interruption?) {
        let watch = HandlerWatch()
        let keeper = LockKeeper(context: context, timeout: definition.timeout, watch: watch)
        return await withTaskGroup(of: Result<JobOutcome, any Error>?.self) { group in
            group.addTask { await Self.work(handler, context, watch) }
            group.addTask {
                await keeper.run()
                return nil
            }
            var result: Result<JobOutcome, any Error>?
            while let part = await group.next() {
                guard let part else { continue }
                result = part
                group.cancelAll()
            }
            return (result ?? .failure(CancellationError()), watch.interruption)
        }
    }

    /// The handler alone, in a group of its own: what interrupts it does not end the keeping of its lock.
    private static func work(
        _ handler: @escaping JobDefinition.Handler,
        _ context: JobContext,
        _ watch: HandlerWatch
    ) async -> Result<JobOutcome, any Error>? {
        await withTaskGroup(of: Result<JobOutcome, any Error>?.self) { group in
            group.addTask {
                let result: Result<JobOutcome, any Error>
                do { result = .success(try await handler(context)) } catch { result = .failure(error) }
                watch.end()
                return result
            }
            group.addTask {
                await watch.interrupted.wait()
                return nil
            }
            var result: Result<JobOutcome, any Error>?
            while let part = await group.next() {
                result = part ?? result
                group.cancelAll()
            }
            return result
        }
    }
}
