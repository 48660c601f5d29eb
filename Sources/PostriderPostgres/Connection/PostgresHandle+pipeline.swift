#if Postgres
import CLibPQ

extension PostgresHandle {
    private enum Step {
        case prepare(PreparedStatements.Key)
        case deallocate(name: String)
        case statement(PreparedStatements.Key)
    }

    /// Runs statements in order with one wait for the network; the first error ends them all.
    ///
    /// - Returns: What each statement answered.
    /// - Throws: The first statement's error; outside of a transaction none has had an effect then.
    func pipeline(_ statements: [PostgresStatement]) throws(PostgresError) -> [PostgresResult] {
        guard !statements.isEmpty else { return [] }
        guard statements.count <= limits.pipelineCountMax else {
            throw PostgresError(.serverError, "more than \(limits.pipelineCountMax) statements", sqlState: "54000")
        }
        // Before anything is sent, so that a parameter that cannot be sent leaves the connection as it was.
        var parameters: [ParameterBuffer] = []
        for statement in statements {
            parameters.append(try ParameterBuffer(statement.parameters, bytesMax: limits.parameterBytesMax))
        }
        try beginExchange()
        try check(PQenterPipelineMode(connection))
        var steps: [Step] = []
        for (statement, parameters) in zip(statements, parameters) {
            let name = try prepare(statement, parameters, &steps)
            try check(send(statement, parameters, name: name))
            steps.append(.statement(PreparedStatements.Key(text: statement.text, types: parameters.types)))
        }
        try check(PQpipelineSync(connection))
        try flush()
        return try read(steps)
    }

    /// Tells the server the statement in the same pipeline, when it is to keep it and does not know it.
    private func prepare(
        _ statement: PostgresStatement,
        _ parameters: ParameterBuffer,
        _ steps: inout [Step]
    ) throws(PostgresError) -> String? {
        guard statement.isPrepared, !isPooled else { return nil }
        let key = PreparedStatements.Key(text: statement.text, types: parameters.types)
        if let name = prepared.name(of: key) { return name }
        let name = prepared.add(key)
        for name in prepared.takeDiscarded() {
            try check(PQsendQueryParams(connection, "DEALLOCATE \(name)", 0, nil, nil, nil, nil, 0))
            steps.append(.deallocate(name: name))
        }
        let accepted = parameters.withPointers { _, types, _, _ in
            PQsendPrepare(connection, name, statement.text, Int32(parameters.count), types)
        }
        try check(accepted)
        steps.append(.prepare(key))
        return name
    }

    private func read(_ steps: [Step]) throws(PostgresError) -> [PostgresResult] {
        var results: [PostgresResult] = []
        var failure: PostgresError?
        for step in steps {
            var outcome: Result<PostgresResult, PostgresError>?
            while let pointer = try nextResult() {
                if let result = read(pointer) { outcome = result }
                if isBroken, case .failure(let error)? = outcome { throw error }
            }
            switch (step, outcome) {
            case (.statement, .success(let result)?): results.append(result)
            case (.statement(let key), .failure(let error)?):
                forgetIfOutdated(key, error)
                failure = failure ?? error
            case (.prepare, .success?), (.deallocate, .success?): break
            case (.deallocate(let name), let outcome):
                if case .failure(let error)? = outcome {
                    failure = failure ?? error
                    // What the server does not have need not be given up once more.
                    if error.sqlState == Self.unknownStatement { prepared.reset() } else { prepared.discard(name) }
                } else {
                    prepared.discard(name)
                }
            case (.prepare(let key), let outcome):
                prepared.withdraw(key)
                if case .failure(let error)? = outcome { failure = failure ?? error }
            // Left out by the server after an error.
            case (.statement, nil): break
            }
        }
        try endPipeline()
        if let failure { throw failure }
        guard results.count == steps.count(where: { if case .statement = $0 { true } else { false } }) else {
            throw PostgresError(.protocolError, "the server did not answer every statement")
        }
        return results
    }

    /// Reads the mark that ends a pipeline.
    private func endPipeline() throws(PostgresError) {
        guard let pointer = try nextResult() else { throw outOfStep() }
        let status = PQresultStatus(pointer)
        PQclear(pointer)
        guard status == PGRES_PIPELINE_SYNC, PQexitPipelineMode(connection) == 1 else { throw outOfStep() }
        try endExchange()
    }

    private func outOfStep() -> PostgresError {
        signal.markBroken()
        return PostgresError(.protocolError, "the answers to a pipeline do not fit it")
    }
}
#endif
