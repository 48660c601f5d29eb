extension Setting {
    /// Jobs beside `/v2`: which, for whom, and where their data is.
    static let applications: [Setting] = [
        Setting(
            key: "apps",
            kind: .list,
            standard: "",
            unit: "",
            help: "Applications whose jobs are served beside `/v2`: `demo`."
        ),
        Setting(
            key: "broker-url",
            kind: .text,
            standard: "",
            unit: "",
            help:
                "The broker that the applications publish to, when it is not this server; `token` and the signing keys are then that broker's."
        ),
        Setting(
            key: "identity-jwt-secret",
            kind: .text,
            standard: "",
            unit: "",
            help:
                "The secret of users' tokens (HS256), at least 32 bytes; several, separated by commas, while it is exchanged.",
            aliases: ["SUPABASE_JWT_SECRET"],
            isSecret: true
        ),
        Setting(
            key: "identity-jwt-issuer",
            kind: .text,
            standard: "",
            unit: "",
            help: "The issuer (`iss`) that users' tokens must have."
        ),
        Setting(
            key: "identity-jwt-audience",
            kind: .text,
            standard: "",
            unit: "",
            help: "The audience (`aud`) that users' tokens must have."
        ),
        Setting(
            key: "database-url",
            kind: .text,
            standard: "",
            unit: "",
            help:
                "The applications' database: `postgres://…`, `sqlite:<path>` or a path; `application.sqlite` in the data folder when absent, or without `apps`.",
            aliases: ["DATABASE_URL"],
            isSecret: true
        ),
        Setting(
            key: "database-direct-url",
            kind: .text,
            standard: "",
            unit: "",
            help: "The same PostgreSQL past the pooler that `database-url` leads to.",
            aliases: ["DATABASE_DIRECT_URL"],
            isSecret: true
        ),
        Setting(
            key: "database-pooled",
            kind: .choice(["auto", "true", "false"]),
            standard: "auto",
            unit: "",
            help:
                "Whether `database-url` leads to a pooler in transaction mode; `auto` means that there is a `database-direct-url`.",
            aliases: ["DATABASE_POOLED"]
        ),
        Setting(
            key: "telemetry-hash-secret",
            kind: .text,
            standard: "",
            unit: "",
            help: "With it, ids of users and the like appear in logs and spans as hashes; without it not at all.",
            aliases: ["TELEMETRY_HASH_SECRET"],
            isSecret: true
        ),
    ]
}
