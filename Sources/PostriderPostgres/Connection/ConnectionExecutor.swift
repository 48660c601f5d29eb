#if Postgres
import Dispatch

/// Runs one connection's work on a queue of its own, so that waiting for the server holds up no task of another.
final class ConnectionExecutor: SerialExecutor {
    private let queue = DispatchQueue(label: "postrider.postgres.connection")

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        queue.async { [self] in job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
}
#endif
