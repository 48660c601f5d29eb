extension Migration {
    /// The tables of the first release, cut by how rows live (docs/ARCHITECTURE.md).
    ///
    /// A `message` is written once, `pending` is small and gone at the end, an `attempt` has one row. Keys are 64-bit integers
    /// that rise with time. Every table carries the account.
    static let first = Migration(
        sql: """
            CREATE TABLE meta (
                name TEXT PRIMARY KEY,
                value INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            -- Readers remember what these numbers stand for: AUTOINCREMENT never gives one out again.
            CREATE TABLE account (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                name TEXT NOT NULL UNIQUE
            ) STRICT;

            CREATE TABLE destination (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account INTEGER NOT NULL,
                url TEXT NOT NULL,
                host TEXT NOT NULL,
                path TEXT NOT NULL,
                origin TEXT NOT NULL,
                UNIQUE (account, url)
            ) STRICT;

            CREATE TABLE lane (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                account INTEGER NOT NULL,
                kind INTEGER NOT NULL,
                name TEXT NOT NULL,
                partition INTEGER NOT NULL,
                UNIQUE (account, kind, name)
            ) STRICT;

            -- The body stands last, so that whoever does not want it does not read past it.
            CREATE TABLE message (
                key INTEGER PRIMARY KEY,
                account INTEGER NOT NULL,
                destination INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                not_before INTEGER NOT NULL,
                settings BLOB NOT NULL,
                source_message INTEGER,
                source_attempt INTEGER,
                source_failed_at INTEGER,
                -- About how large a callback's body will be when it is rendered.
                source_bytes INTEGER,
                body BLOB
            ) STRICT;
            CREATE INDEX message_account ON message (account);

            CREATE TABLE message_label (
                account INTEGER NOT NULL,
                label TEXT NOT NULL,
                message INTEGER NOT NULL,
                PRIMARY KEY (account, label, message)
            ) STRICT, WITHOUT ROWID;

            -- An index ends with the row's key of itself: these two give (due, key) and (lane, due, key).
            CREATE TABLE pending (
                key INTEGER PRIMARY KEY,
                account INTEGER NOT NULL,
                partition INTEGER NOT NULL,
                lane INTEGER NOT NULL,
                due INTEGER NOT NULL,
                retried INTEGER NOT NULL,
                cancel_requested INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX pending_due ON pending (due);
            CREATE INDEX pending_lane ON pending (lane, due);

            CREATE TABLE attempt (
                key INTEGER PRIMARY KEY,
                message INTEGER NOT NULL,
                account INTEGER NOT NULL,
                retried INTEGER NOT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER NOT NULL,
                verdict INTEGER NOT NULL,
                status INTEGER NOT NULL,
                next_due INTEGER,
                error TEXT,
                response_headers BLOB NOT NULL,
                response_body BLOB NOT NULL
            ) STRICT;
            CREATE INDEX attempt_message ON attempt (message);
            CREATE INDEX attempt_verdict ON attempt (account, verdict);

            CREATE TABLE cancellation (
                key INTEGER PRIMARY KEY,
                message INTEGER NOT NULL,
                account INTEGER NOT NULL,
                at INTEGER NOT NULL,
                is_removed INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX cancellation_message ON cancellation (message);
            CREATE INDEX cancellation_account ON cancellation (account);

            CREATE TABLE dead_letter (
                message INTEGER PRIMARY KEY,
                account INTEGER NOT NULL,
                failed_at INTEGER NOT NULL,
                attempt INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX dead_letter_account ON dead_letter (account, failed_at);

            CREATE TABLE deduplication (
                account INTEGER NOT NULL,
                id TEXT NOT NULL,
                message INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                PRIMARY KEY (account, id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX deduplication_expiry ON deduplication (expires_at);

            CREATE TABLE signing_key (
                account INTEGER PRIMARY KEY,
                current TEXT NOT NULL,
                next TEXT NOT NULL,
                seed_current TEXT,
                seed_next TEXT
            ) STRICT;
            """
    )
}
