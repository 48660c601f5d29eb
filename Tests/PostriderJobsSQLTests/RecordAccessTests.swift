#if Postgres
import Foundation
import PostriderJobs
import PostriderJobsSQL
import PostriderSQL
import Testing

/// Who sees what in a project with `auth.uid()`, as Supabase has it.
@Suite struct RecordAccessTests {
    private static let mine = "11111111-1111-4111-8111-111111111111"
    private static let other = "22222222-2222-4222-8222-222222222222"

    private static let project = [
        """
        DO $$ BEGIN CREATE ROLE postrider_jobs_reader NOLOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$
        """,
        "GRANT postrider_jobs_reader TO postrider",
        "CREATE SCHEMA auth",
        """
        CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql STABLE
        AS $$ SELECT nullif(current_setting('test.user', true), '')::uuid $$
        """,
        "GRANT USAGE ON SCHEMA auth TO PUBLIC",
    ]

    /// Runs a body as a user of the project; nobody when it is nil.
    private static func asUser<Value: Sendable>(
        _ user: String?,
        _ storage: SQLJobStorage,
        _ body: @escaping @Sendable (SQLTransaction) throws -> Value
    ) async throws -> Value {
        try await storage.database.transaction { transaction in
            _ = try transaction.rows("SELECT set_config('test.user', \(user ?? ""), true)")
            _ = try transaction.execute("SET LOCAL ROLE postrider_jobs_reader")
            return try body(transaction)
        }
    }

    @Test func usersSeeTheirOwnRecordsAndChangeNone() async throws {
        try await PostgresBed.run(preparedBy: Self.project) { storage in
            for (number, user) in [Self.mine, Self.other, nil].enumerated() {
                try await storage.create(
                    JobRecord(
                        id: "00000000-0000-4000-8000-00000000000\(number)",
                        requestID: "request-\(number)",
                        jobType: "a",
                        userID: user,
                        createdAt: Date(timeIntervalSince1970: 1_790_000_000)
                    )
                )
            }
            let tables = [
                "job_delivery", "job_reservation", "background_jobs", "job_rate_limit", "job_circuit",
                "job_dead_letter",
            ]
            try await storage.database.transaction { transaction in
                for table in tables {
                    _ = try transaction.execute(
                        "GRANT SELECT, INSERT, UPDATE, DELETE ON \(identifier: table) TO postrider_jobs_reader"
                    )
                }
            }
            for (user, seen) in [(Self.mine, ["request-0"]), (Self.other, ["request-1"]), (nil, [])] {
                let rows = try await Self.asUser(user, storage) { transaction in
                    try transaction.rows("SELECT request_id FROM background_jobs").map {
                        try $0.value("request_id", as: String.self)
                    }
                }
                #expect(rows == seen)
                let count = try await Self.asUser(user, storage) { transaction in
                    try transaction.execute("UPDATE background_jobs SET progress = 99")
                        + (try transaction.execute("DELETE FROM background_jobs"))
                }
                #expect(count == 0)
            }
            let lock = DeliveryLock(key: "a", owner: LockOwner(instance: "a", life: "b", token: "c"), ttl: .seconds(30))
            _ = try await storage.acquire(lock, now: Date(timeIntervalSince1970: 1_790_000_000))
            let seen = try await Self.asUser(Self.mine, storage) { transaction in
                try transaction.rows("SELECT key FROM job_delivery").count
            }
            #expect(seen == 0)
        }
    }
}
#endif
