#if Postgres
import CLibPQ

/// A libpq connection, used by one thread at a time, with waits that end.
///
/// Every exchange with the server ends in one of three ways: with the answer; with an error after which the connection is usable; or
/// with ``isBroken`` set, after which it is only good for closing.
final class PostgresHandle {
    let connection: OpaquePointer
    let signal: ConnectionSignal
    let limits: PostgresLimits
    let isPooled: Bool

    /// The work under way; each lease of the connection has its own.
    var operation: PostgresOperation

    var prepared: PreparedStatements

    /// Whether the exchange may be ended from this side; a commit may not.
    var isInterruptible = true

    private var interruption: (code: PostgresError.Code, until: ContinuousClock.Instant)?
    private var serverCancel: ServerCancel?
    /// What the server said before it hung up.
    private var lastWords: PostgresError?

    /// Takes the open connection over.
    init(
        taking connection: OpaquePointer,
        configuration: PostgresConfiguration,
        operation: PostgresOperation,
        signal: ConnectionSignal
    ) {
        self.connection = connection
        self.signal = signal
        self.operation = operation
        limits = configuration.limits
        isPooled = configuration.isPooled
        prepared = PreparedStatements(countMax: configuration.limits.preparedStatementCountMax)
    }

    deinit { PQfinish(connection) }

    var isBroken: Bool { signal.isBroken }

    /// Whether an idle connection still stands; costs one system call.
    func isAlive() -> Bool {
        guard !isBroken, PQstatus(connection) == CONNECTION_OK, PQtransactionStatus(connection) == PQTRANS_IDLE else {
            return false
        }
        // A server that has gone has sent something: why, or the end of the stream.
        if SocketWait.isReadable(PQsocket(connection)) {
            guard PQconsumeInput(connection) == 1, PQisBusy(connection) == 0,
                !SocketWait.isReadable(PQsocket(connection))
            else {
                signal.markBroken()
                return false
            }
        }
        return true
    }

    /// Begins an exchange.
    func beginExchange() throws(PostgresError) {
        guard !isBroken else { throw lost() }
        interruption = nil
        lastWords = nil
        if isInterruptible, let code = operation.interruption { throw .interrupted(code) }
    }

    /// Sends, and reads meanwhile, until everything is out.
    func flush() throws(PostgresError) {
        while true {
            switch PQflush(connection) {
            case 0: return
            case 1: break
            default: throw lost()
            }
            if try awaitSocket(forWriting: true), PQconsumeInput(connection) == 0 { throw lost() }
        }
    }

    /// The next result of the exchange, to be freed by the caller; nil at a boundary.
    func nextResult() throws(PostgresError) -> OpaquePointer? {
        while PQisBusy(connection) == 1 {
            _ = try awaitSocket(forWriting: false)
            guard PQconsumeInput(connection) == 1 else { throw lost() }
        }
        return PQgetResult(connection)
    }

    /// Ends an exchange whose results have all been read; one that was interrupted and yet succeeded has succeeded.
    func endExchange() throws(PostgresError) {
        if PQstatus(connection) != CONNECTION_OK { throw lost() }
        guard let interruption else { return }
        // Until the server has taken note of the request, it could still meet the next statement.
        while let cancel = serverCancel, !cancel.isDone {
            let outcome = SocketWait.wait(
                socket: -1,
                forReading: false,
                signal: signal,
                until: interruption.until
            )
            if case .timedOut = outcome {
                signal.markBroken()
                break
            }
        }
        serverCancel = nil
    }

    /// The server's error in a result; a fatal one ends the connection.
    func failure(in result: OpaquePointer) -> PostgresError {
        let severity = Self.field("V", of: result)
        let error = PostgresError(reading: result)
        if severity == "FATAL" || severity == "PANIC" {
            signal.markBroken()
            let fatal = PostgresError(.connectionLost, error.detail, sqlState: error.sqlState)
            lastWords = fatal
            return interruption.map { .interrupted($0.code) } ?? fatal
        }
        // 57014 without our asking is the server's own time-out.
        guard error.sqlState == "57014" else { return error }
        return PostgresError(interruption?.code ?? .deadlineExceeded, error.detail, sqlState: error.sqlState)
    }

    /// Gives the connection up and says why.
    func lost() -> PostgresError {
        signal.markBroken()
        // What arrived before the end may say why; a broken connection answers at once.
        var rest = 0
        while rest < 64, PQstatus(connection) == CONNECTION_BAD, let result = PQgetResult(connection) {
            if Self.field("C", of: result) != nil {
                let error = PostgresError(reading: result)
                lastWords = lastWords ?? PostgresError(.connectionLost, error.detail, sqlState: error.sqlState)
            }
            PQclear(result)
            rest += 1
        }
        if let interruption { return .interrupted(interruption.code) }
        return lastWords ?? PostgresError(.connectionLost, "the connection to the server broke")
    }

    /// A field of an error result, by its letter in the protocol; nil when the server did not send it.
    static func field(_ letter: Unicode.Scalar, of result: OpaquePointer) -> String? {
        PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
    }

    /// Waits for the socket, and ends the exchange when its time is over or it is cancelled.
    ///
    /// - Returns: Whether there is something to read.
    private func awaitSocket(forWriting: Bool) throws(PostgresError) -> Bool {
        while true {
            if interruption == nil, isInterruptible, let code = operation.interruption { interrupt(code) }
            let outcome = SocketWait.wait(
                socket: PQsocket(connection),
                forWriting: forWriting,
                signal: signal,
                until: interruption?.until ?? operation.deadline
            )
            switch outcome {
            case .ready(let isReadable): return isReadable
            case .woken: continue
            case .timedOut:
                if interruption == nil, isInterruptible { continue }
                signal.markBroken()
                throw .interrupted(interruption?.code ?? .deadlineExceeded)
            }
        }
    }

    /// Asks the server to stop; what it still sends is read within the grace.
    private func interrupt(_ code: PostgresError.Code) {
        interruption = (code, ContinuousClock.now + limits.cancelGrace)
        serverCancel = ServerCancel(connection)
        serverCancel?.send(signal: signal)
    }
}

extension PostgresError {
    /// The server's error, without the fields that quote data.
    init(reading result: OpaquePointer) {
        let state = PostgresHandle.field("C", of: result)
        // Data exceptions quote the value in the message itself, between the quotation marks of the server's language.
        let isOfData = state?.hasPrefix("22") == true
        let message = isOfData ? "the server refused a value" : PostgresHandle.field("M", of: result) ?? "no message"
        self.init(.serverError, message, sqlState: state, constraint: PostgresHandle.field("n", of: result))
    }
}
#endif
