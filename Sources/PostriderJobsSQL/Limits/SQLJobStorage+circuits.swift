public import PostriderJobs
import PostriderSQL

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension SQLJobStorage: CircuitBreakerStore {
    /// The state of a circuit.
    public func circuit(_ name: String) async throws -> CircuitState {
        try await read { transaction in
            let row = try transaction.row(
                "SELECT failures, opened_at, successes FROM job_circuit WHERE name = \(name)"
            )
            return try row.map(Self.state(from:)) ?? .closed
        }
    }

    /// Changes the state of a circuit.
    public func update(
        _ name: String,
        ttl: Duration,
        now: Date,
        _ change: @escaping @Sendable (CircuitState) -> CircuitState
    ) async throws -> CircuitState {
        try await transaction { transaction in
            let state = change(try Self.lockedState(name, now: now, in: transaction))
            let failures = state.failures.map { String(Milliseconds.since1970($0)) }.joined(separator: ",")
            try transaction.execute(
                """
                UPDATE job_circuit SET failures = \(failures),
                    opened_at = \(state.openedAt.map(Milliseconds.since1970)), successes = \(state.successes),
                    expires_at = \(Milliseconds.end(of: ttl, from: now))
                WHERE name = \(name)
                """
            )
            return state
        }
    }

    /// The state of a circuit, whose row is there and nobody else's to change from now on.
    private static func lockedState(
        _ name: String,
        now: Date,
        in transaction: SQLTransaction
    ) throws -> CircuitState {
        let reading: SQL = """
            SELECT failures, opened_at, successes, expires_at FROM job_circuit
            WHERE name = \(name)\(transaction.forUpdate)
            """
        var row = try transaction.row(reading)
        while row == nil {
            // Another may insert the same name, or remove it again, until the row is locked.
            try transaction.execute(
                """
                INSERT INTO job_circuit (name, failures, successes, expires_at)
                VALUES (\(name), '', 0, \(Milliseconds.since1970(now))) ON CONFLICT (name) DO NOTHING
                """
            )
            row = try transaction.row(reading)
        }
        guard let row, try row.value("expires_at", as: Int64.self) > Milliseconds.since1970(now) else { return .closed }
        return try state(from: row)
    }

    private static func state(from row: SQLRow) throws -> CircuitState {
        let failures: String = try row.value("failures")
        return CircuitState(
            failures: failures.split(separator: ",").compactMap { Int64($0).map(Milliseconds.date) },
            openedAt: try row.value("opened_at", as: Int64?.self).map(Milliseconds.date),
            successes: try row.value("successes")
        )
    }
}
