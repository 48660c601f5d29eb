public import PostriderSQL

extension SQLJobStorage {
    /// The tables of the framework; ``migrate()`` makes them.
    ///
    /// On PostgreSQL the service's own role reads and writes all of them. Where `auth.uid()` exists, users see the rows of `background_jobs`
    /// that carry their id (application reference, 12.2 and 17).
    public static let migrations = SQLMigrations(
        namespace: "postrider_jobs",
        [
            SQLMigration(
                "ledger, records, limits and dead letters",
                [delivery, reservation, backgroundJobs, rateLimit, circuit, deadLetter].map { .table($0) }
            )
        ]
    )

    /// Locks and done markers; times in milliseconds since 1970.
    private static let delivery = SQLTable(
        "job_delivery",
        columns: [
            SQLColumn("key", .text),
            SQLColumn("instance", .text),
            SQLColumn("life", .text),
            SQLColumn("token", .text),
            SQLColumn("is_done", .boolean),
            SQLColumn("expires_at", .bigint),
        ],
        primaryKey: ["key"],
        isOrderedByKey: true,
        indexes: [SQLIndex(["expires_at"]), SQLIndex(["instance"], where: "NOT is_done")]
    )

    private static let reservation = SQLTable(
        "job_reservation",
        columns: [
            SQLColumn("key", .text),
            SQLColumn("owner", .text),
            SQLColumn("is_done", .boolean),
            SQLColumn("expires_at", .bigint),
        ],
        primaryKey: ["key"],
        isOrderedByKey: true,
        indexes: [SQLIndex(["expires_at"])]
    )

    /// The name and the first columns are those of existing applications; what they lack is added to their table.
    private static let backgroundJobs = SQLTable(
        "background_jobs",
        columns: [
            SQLColumn("id", .uuid),
            SQLColumn("request_id", .text),
            SQLColumn("job_type", .text),
            SQLColumn(
                "status",
                .text,
                check: "status IN ('queued', 'processing', 'completed', 'failed', 'cancelled')"
            ),
            SQLColumn("progress", .integer, default: .value(.integer(0)), check: "progress BETWEEN 0 AND 100"),
            SQLColumn("error_message", .text, isNullable: true),
            // As it was written, to the letter: jsonb would refuse what it cannot store, such as a zero character.
            SQLColumn("result_data", .other(sqlite: "TEXT", postgres: "JSON"), isNullable: true),
            SQLColumn("created_at", .timestamp),
            SQLColumn("updated_at", .timestamp),
            SQLColumn("completed_at", .timestamp, isNullable: true),
            SQLColumn("user_id", .text, isNullable: true),
            SQLColumn("subject", .text, isNullable: true),
            SQLColumn("phase", .text, isNullable: true),
            SQLColumn("message_id", .text, isNullable: true),
            SQLColumn("attempt", .integer, default: .value(.integer(0))),
            SQLColumn("max_retries", .integer, default: .value(.integer(0))),
            SQLColumn("error_code", .text, isNullable: true),
            SQLColumn("started_at", .timestamp, isNullable: true),
            SQLColumn("heartbeat_at", .timestamp, isNullable: true),
            SQLColumn("eta_rate", .double, isNullable: true),
            SQLColumn("progress_at", .timestamp, isNullable: true),
            SQLColumn("version", .bigint, default: .value(.integer(1))),
        ],
        primaryKey: ["id"],
        indexes: [
            .unique(["request_id"]),
            SQLIndex(["status", "heartbeat_at"]),
            SQLIndex(["status", "updated_at"]),
            SQLIndex(["job_type", "created_at"]),
            SQLIndex(["created_at"]),
            SQLIndex(["user_id", "created_at"]),
        ],
        access: .ownerReads("user_id")
    )

    private static let rateLimit = SQLTable(
        "job_rate_limit",
        columns: [
            SQLColumn("key", .text),
            // Whole windows since 1970; NULL while the first request is being counted.
            SQLColumn("window_number", .bigint, isNullable: true),
            SQLColumn("current_count", .bigint),
            SQLColumn("previous_count", .bigint),
            SQLColumn("expires_at", .bigint),
        ],
        primaryKey: ["key"],
        isOrderedByKey: true,
        indexes: [SQLIndex(["expires_at"])]
    )

    private static let circuit = SQLTable(
        "job_circuit",
        columns: [
            SQLColumn("name", .text),
            // Milliseconds since 1970, oldest first, with commas between them.
            SQLColumn("failures", .text),
            SQLColumn("opened_at", .bigint, isNullable: true),
            SQLColumn("successes", .bigint),
            SQLColumn("expires_at", .bigint),
        ],
        primaryKey: ["name"],
        isOrderedByKey: true,
        indexes: [SQLIndex(["expires_at"])]
    )

    private static let deadLetter = SQLTable(
        "job_dead_letter",
        columns: [
            SQLColumn("number", .identity),
            SQLColumn("id", .text),
            SQLColumn("job_type", .text),
            SQLColumn("attempts", .integer),
            SQLColumn("error", .text),
            SQLColumn("error_code", .text, isNullable: true),
            SQLColumn("failed_at", .timestamp),
            SQLColumn("message_id", .text, isNullable: true),
            // Redacted and possibly cut short, so not always JSON.
            SQLColumn("payload", .text),
            SQLColumn("expires_at", .bigint),
        ],
        indexes: [
            .unique(["job_type", "id"]),
            SQLIndex(["job_type", "failed_at", "number"]),
            SQLIndex(["failed_at", "number"]),
            SQLIndex(["job_type", "expires_at"]),
        ]
    )
}
