#if Postgres
import CLibPQ
import Dispatch
import Synchronization

/// Asks the server, over a connection of its own, to end what one connection is doing.
///
/// `@unchecked Sendable`, because libpq allows `PQcancel` from any thread, the pointer never changes, and it is freed with the last
/// reference.
final class ServerCancel: @unchecked Sendable {
    private let pointer: OpaquePointer
    private let done = Atomic<Bool>(false)

    /// Takes what the request needs from the connection; nil when it is not open.
    init?(_ connection: OpaquePointer) {
        guard let pointer = PQgetCancel(connection) else { return nil }
        self.pointer = pointer
    }

    deinit { PQfreeCancel(pointer) }

    /// Whether the server has taken note, or cannot be reached: only then may the connection be used for something else,
    /// which the request would meet otherwise.
    var isDone: Bool { done.load(ordering: .acquiring) }

    /// Sends the request, which blocks, aside, and signals when it is done.
    func send(signal: ConnectionSignal) {
        // A queue of its own: where nobody answers, the request takes long.
        DispatchQueue(label: "postrider.postgres.cancel").async { [self] in
            withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { message in
                _ = PQcancel(pointer, message.baseAddress, Int32(message.count))
            }
            done.store(true, ordering: .releasing)
            signal.wake()
        }
    }
}
#endif
