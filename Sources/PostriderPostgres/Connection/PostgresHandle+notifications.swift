#if Postgres
import CLibPQ

extension PostgresHandle {
    /// Waits for notifications until the operation's deadline, a signal or a cancellation; then there are none.
    ///
    /// - Throws: ``PostgresError`` with code `connection_lost`.
    func notifications() throws(PostgresError) -> [PostgresNotification] {
        guard !isBroken else { throw lost() }
        while true {
            // Those that came with the answer to a statement are here already.
            let arrived = takeNotifications()
            guard arrived.isEmpty, operation.interruption == nil else { return arrived }
            let outcome = SocketWait.wait(socket: PQsocket(connection), signal: signal, until: operation.deadline)
            switch outcome {
            case .ready:
                guard PQconsumeInput(connection) == 1 else { throw lost() }
                // Something that is no notification and no notice: the server takes its leave.
                if PQisBusy(connection) == 0, PQstatus(connection) != CONNECTION_OK { throw lost() }
            case .woken, .timedOut: return takeNotifications()
            }
        }
    }

    private func takeNotifications() -> [PostgresNotification] {
        var notifications: [PostgresNotification] = []
        while let pointer = PQnotifies(connection) {
            notifications.append(
                PostgresNotification(
                    channel: String(cString: pointer.pointee.relname),
                    payload: String(cString: pointer.pointee.extra)
                )
            )
            PQfreemem(pointer)
        }
        return notifications
    }
}
#endif
