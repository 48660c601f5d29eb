#if Postgres
import CLibPQ

extension PostgresHandle {
    /// Runs one statement.
    func query(_ statement: PostgresStatement) throws(PostgresError) -> PostgresResult {
        let parameters = try ParameterBuffer(statement.parameters, bytesMax: limits.parameterBytesMax)
        let key = PreparedStatements.Key(text: statement.text, types: parameters.types)
        var name: String?
        if statement.isPrepared, !isPooled {
            name = prepared.name(of: key)
            if name == nil { return try pipeline([statement])[0] }
        }
        try beginExchange()
        try check(send(statement, parameters, name: name))
        try flush()
        let results = try readResults()
        switch results.last {
        case .success(let result)?: return result
        case .failure(let error)?:
            forgetIfOutdated(key, error)
            throw error
        case nil: throw PostgresError(.protocolError, "the server did not answer the statement")
        }
    }

    /// Runs a text of several statements without parameters, as one transaction unless it says otherwise.
    ///
    /// - Returns: What each statement answered.
    @discardableResult
    func script(_ text: String) throws(PostgresError) -> [PostgresResult] {
        guard !text.utf8.contains(0) else {
            throw PostgresError(.serverError, "the statement holds a NUL", sqlState: "42601")
        }
        try beginExchange()
        try check(PQsendQuery(connection, text))
        try flush()
        var results: [PostgresResult] = []
        for result in try readResults() { results.append(try result.get()) }
        return results
    }

    /// Hands a statement to libpq.
    func send(_ statement: PostgresStatement, _ parameters: ParameterBuffer, name: String?) -> Int32 {
        let format: Int32 = statement.resultFormat == .binary ? 1 : 0
        return parameters.withPointers { values, types, lengths, formats in
            if let name {
                PQsendQueryPrepared(connection, name, Int32(parameters.count), values, lengths, formats, format)
            } else {
                PQsendQueryParams(
                    connection,
                    statement.text,
                    Int32(parameters.count),
                    types,
                    values,
                    lengths,
                    formats,
                    format
                )
            }
        }
    }

    /// Throws when libpq did not take what it was handed.
    func check(_ accepted: Int32) throws(PostgresError) {
        guard accepted != 1 else { return }
        if PQstatus(connection) != CONNECTION_OK { throw lost() }
        // Whatever state libpq is in now, it is not one that is meant to be.
        signal.markBroken()
        throw PostgresError(.protocolError, "libpq did not take the statement")
    }

    /// Takes a result over and says what it is; nil for the marks of a pipeline.
    func read(_ result: OpaquePointer) -> Result<PostgresResult, PostgresError>? {
        switch PQresultStatus(result) {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY:
            return .success(PostgresResult(taking: result))
        case PGRES_PIPELINE_ABORTED, PGRES_PIPELINE_SYNC:
            PQclear(result)
            return nil
        case PGRES_FATAL_ERROR:
            defer { PQclear(result) }
            // Made by libpq itself, because the connection broke.
            if Self.field("C", of: result) == nil { return .failure(lost()) }
            return .failure(failure(in: result))
        default:
            PQclear(result)
            // COPY, which nothing here can finish.
            signal.markBroken()
            return .failure(PostgresError(.protocolError, "the statement's protocol is not supported"))
        }
    }

    /// Reads all results of an exchange that is not a pipeline.
    private func readResults() throws(PostgresError) -> [Result<PostgresResult, PostgresError>] {
        var results: [Result<PostgresResult, PostgresError>] = []
        while let pointer = try nextResult() {
            guard let result = read(pointer) else { continue }
            results.append(result)
            if isBroken { break }
        }
        if isBroken, case .failure(let error)? = results.last { throw error }
        try endExchange()
        return results
    }

    /// A table that changed under a named statement, or a statement the server has lost: told anew next time.
    func forgetIfOutdated(_ key: PreparedStatements.Key, _ error: PostgresError) {
        switch error.sqlState {
        case "0A000": prepared.forget(key)
        case Self.unknownStatement: prepared.reset()
        default: break
        }
    }

    /// PostgreSQL's state of a name that the session does not have, as after `DEALLOCATE ALL` and `DISCARD ALL`.
    static var unknownStatement: String { "26000" }
}
#endif
