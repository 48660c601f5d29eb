#if Postgres
import CLibPQ

extension PostgresHandle {
    /// Connects to the first server that answers and is of the wanted kind.
    ///
    /// Names are resolved by the system, on this thread: that alone is not bounded by the deadline.
    ///
    /// - Throws: ``PostgresError`` with code `connection_failed`, `cancelled` or `deadline_exceeded`.
    static func connect(
        _ configuration: PostgresConfiguration,
        operation: PostgresOperation,
        signal: ConnectionSignal
    ) throws(PostgresError) -> PostgresHandle {
        var hosts = configuration.hosts
        while true {
            guard let connection = start(configuration.trying(hosts)) else {
                throw PostgresError(.connectionFailed, "no memory for a connection")
            }
            // From here on it is closed by whatever way this ends.
            let handle = PostgresHandle(
                taking: connection,
                configuration: configuration,
                operation: operation,
                signal: signal
            )
            switch try handle.finishConnecting() {
            case .connected:
                try handle.setUp(configuration)
                return handle
            case .silent(let name, let port):
                // libpq leaves a host that does not answer only when it is told to begin anew without it.
                let index = hosts.firstIndex {
                    ($0.name == name || $0.address == name) && ($0.port == port || $0.port.isEmpty)
                }
                hosts = Array(hosts.dropFirst((index ?? 0) + 1))
                guard !hosts.isEmpty else {
                    throw PostgresError(.connectionFailed, "no server answered within \(handle.limits.connectTimeout)")
                }
            }
        }
    }

    private enum ConnectOutcome {
        case connected
        case silent(name: String, port: String)
    }

    private static func start(_ configuration: PostgresConfiguration) -> OpaquePointer? {
        let keywords = configuration.keywords
        var names: [UnsafePointer<CChar>?] = []
        var values: [UnsafePointer<CChar>?] = []
        let copies = keywords.flatMap { [copy($0.0), copy($0.1)] }
        defer { copies.forEach { $0.deallocate() } }
        for index in keywords.indices {
            names.append(copies[index * 2].baseAddress.map { UnsafePointer($0) })
            values.append(copies[index * 2 + 1].baseAddress.map { UnsafePointer($0) })
        }
        names.append(nil)
        values.append(nil)
        return PQconnectStartParams(names, values, 0)
    }

    private static func copy(_ text: String) -> UnsafeMutableBufferPointer<CChar> {
        let bytes = text.utf8CString
        let buffer = UnsafeMutableBufferPointer<CChar>.allocate(capacity: bytes.count)
        _ = buffer.initialize(from: bytes)
        return buffer
    }

    private func finishConnecting() throws(PostgresError) -> ConnectOutcome {
        // Errors name their state only when libpq is told so before they come.
        _ = PQsetErrorVerbosity(connection, PQERRORS_VERBOSE)
        // Otherwise libpq prints notices.
        _ = PQsetNoticeReceiver(connection, { _, _ in }, nil)
        guard PQstatus(connection) != CONNECTION_BAD else { throw connectFailure() }
        var state = PGRES_POLLING_WRITING
        var host = (name: "", port: "")
        var hostDeadline = ContinuousClock.now + limits.connectTimeout
        while state != PGRES_POLLING_OK {
            if state == PGRES_POLLING_FAILED { throw connectFailure() }
            if let code = operation.interruption { throw .interrupted(code) }
            let current = (
                name: PQhost(connection).map { String(cString: $0) } ?? "",
                port: PQport(connection).map { String(cString: $0) } ?? ""
            )
            if current != host {
                host = current
                hostDeadline = ContinuousClock.now + limits.connectTimeout
            }
            let outcome = SocketWait.wait(
                socket: PQsocket(connection),
                forReading: state == PGRES_POLLING_READING,
                forWriting: state == PGRES_POLLING_WRITING,
                signal: signal,
                until: min(hostDeadline, operation.deadline)
            )
            switch outcome {
            case .ready: state = PQconnectPoll(connection)
            case .woken: continue
            case .timedOut:
                if ContinuousClock.now >= hostDeadline { return .silent(name: host.name, port: host.port) }
            }
        }
        return .connected
    }

    private func setUp(_ configuration: PostgresConfiguration) throws(PostgresError) {
        _ = PQsetErrorVerbosity(connection, PQERRORS_TERSE)
        guard PQsetnonblocking(connection, 1) == 0 else {
            throw PostgresError(.connectionFailed, "the connection cannot be made non-blocking")
        }
        // Behind a pooler the session is somebody else's a moment later.
        guard !isPooled else { return }
        do throws(PostgresError) {
            try script(configuration.settingsText(isLocal: false, statementTimeout: limits.statementTimeout))
        } catch {
            guard error.code == .connectionLost || error.code == .serverError else { throw error }
            throw PostgresError(.connectionFailed, error.detail, sqlState: error.sqlState)
        }
    }

    /// libpq's text, which names servers and users and never a password; the state that decides whether to try again.
    private func connectFailure() -> PostgresError {
        let text = PQerrorMessage(connection).map { String(cString: $0) } ?? ""
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("LOCATION:") }
        let states = lines.compactMap { line -> String? in
            // FATAL:  28P01: password authentication failed for user "a"
            line.firstMatch(of: #/(?:FATAL|PANIC|ERROR): +([0-9A-Z]{5}): /#).map { String($0.1) }
        }
        // Of several servers one that may come back counts more than one that refused.
        let failures = lines.count { $0.contains("failed:") }
        let state = states.first { !PostgresError.isLasting($0) } ?? (states.count >= failures ? states.first : nil)
        return PostgresError(.connectionFailed, lines.joined(separator: "; "), sqlState: state)
    }
}

extension PostgresError {
    /// Whether a server that refused a connection for this reason will refuse the next one too.
    static func isLasting(_ state: String) -> Bool { state.hasPrefix("28") || state.hasPrefix("3D") }
}
#endif
