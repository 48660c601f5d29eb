import GRDBSQLite
import Synchronization

/// Ends the read under way on a connection, between statements as well as within one.
final class ReadCancellation: Sendable {
    // Virtual machine instructions between two looks: some tens of microseconds.
    private static let instructions: CInt = 1_000

    private let cancelled = Atomic(false)

    var isCancelled: Bool { cancelled.load(ordering: .acquiring) }

    func set(_ isCancelled: Bool) { cancelled.store(isCancelled, ordering: .releasing) }

    /// Lets SQLite ask now and then.
    ///
    /// `sqlite3_interrupt` alone is lost on a statement that is about to begin.
    ///
    /// - Parameter handle: A connection that runs no statements once this object is gone.
    func watch(_ handle: OpaquePointer) {
        sqlite3_progress_handler(
            handle,
            Self.instructions,
            { context in
                guard let context else { return 0 }
                return Unmanaged<ReadCancellation>.fromOpaque(context).takeUnretainedValue().isCancelled ? 1 : 0
            },
            Unmanaged.passUnretained(self).toOpaque()
        )
    }
}
