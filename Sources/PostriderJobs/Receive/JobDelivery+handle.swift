import Logging
import Tracing

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
            committed: committed,
            facts: facts,
            lockTTL: definition.lockTTL,
            successKey: successKey
        )
        if case .failure(let error) = result { note(error, ending, isCommitted: committed != nil, context) }
        if case .release = ending.settlement, let report = context.flushProgress(), let record = context.record {
            await change(report, record.requestID)
        }
        await settle(ending.settlement, context.lock, context.reservation, requestID: context.record?.requestID)
        if ending.isDeadLetter { await pushDeadLetter(ending.answer, body: context.body) }
        if case .commit = ending.settlement {
            context.logger.debug("\(TelemetryEvent.job(definition.name, "completed"))")
        }
        return ending.answer
    }

    private enum Part: Sendable {
        case handler(Result<JobOutcome, any Error>)
        case keeper(DeliveryEnding.Interruption?)
    }

    /// Runs the handler to its end: it is cancelled when the keeper says so, or the request is, and always waited for.
    private func run(
        _ handler: @escaping JobDefinition.Handler,
        _ context: JobContext
    ) async -> (Result<JobOutcome, any Error>, DeliveryEnding.Interruption?) {
        let keeper = LockKeeper(context: context, timeout: definition.timeout)
        return await withTaskGroup(of: Part.self) { group in
            group.addTask {
                do {
                    return .handler(.success(try await handler(context)))
                } catch {
                    return .handler(.failure(error))
                }
            }
            group.addTask { .keeper(await keeper.run()) }
            var result: Result<JobOutcome, any Error>?
            var interruption: DeliveryEnding.Interruption?
            while let part = await group.next() {
                switch part {
                case .handler(let ended):
                    result = ended
                    group.cancelAll()
                case .keeper(let found):
                    // Only what came before the handler's end has ended it.
                    if result == nil { interruption = found }
                    if found != nil { group.cancelAll() }
                }
            }
            return (result ?? .failure(CancellationError()), interruption)
        }
    }

    /// Logs why a handler failed: its type, and the framework's own errors; what a handler's error says may be secret.
    private func note(_ error: any Error, _ ending: DeliveryEnding, isCommitted: Bool, _ context: JobContext) {
        var metadata: Logger.Metadata = ["error.type": "\(type(of: error))", "status": "\(ending.answer.status)"]
        switch error {
        case let failure as JobsError: metadata["error.code"] = "\(failure.code)"
        case is JobFailure: metadata["error.code"] = "\(ending.answer.code ?? "")"
        default: break
        }
        if isCommitted {
            context.logger.error("the handler failed after it had completed its delivery", metadata: metadata)
        } else {
            context.logger.warning("\(TelemetryEvent.job(definition.name, "failed"))", metadata: metadata)
        }
        if span.isRecording { span.addEvent(SpanEvent(name: TelemetryEvent.job(definition.name, "failed"))) }
    }
}
