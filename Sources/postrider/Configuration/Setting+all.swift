extension Setting {
    private static let bytesBounds = 1...1_073_741_824
    private static let countBounds = 1...10_000_000
    private static let millisecondBounds = 1...3_600_000

    /// Every setting there is.
    static let all: [Setting] =
        listening + credentials + destinations + accepting + delivering + keeping
        + applications

    private static let listening: [Setting] = [
        Setting(
            key: "host",
            kind: .text,
            standard: "127.0.0.1",
            unit: "",
            help: "The address to listen on; IPv6 as it is, `::1`."
        ),
        Setting(
            key: "port",
            kind: .number(0...65_535),
            standard: "8080",
            unit: "",
            help: "The port to listen on; 0 takes a free one."
        ),
        Setting(
            key: "data",
            kind: .text,
            standard: "./postrider-data",
            unit: "",
            help: "The folder of all data, made with mode 0700."
        ),
        Setting(
            key: "dev",
            kind: .truth,
            standard: "false",
            unit: "",
            help: "The development profile: the protocol's public first user, loopback only, its own folder."
        ),
        Setting(
            key: "log-level",
            kind: .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]),
            standard: "info",
            unit: "",
            help: "The least level that is logged."
        ),
        Setting(
            key: "log-format",
            kind: .choice(["text", "json"]),
            standard: "text",
            unit: "",
            help: "How a log line looks."
        ),
        Setting(
            key: "tls-cert",
            kind: .text,
            standard: "",
            unit: "",
            help: "The certificate chain, a PEM file; with `tls-key`."
        ),
        Setting(
            key: "tls-key",
            kind: .text,
            standard: "",
            unit: "",
            help: "The certificate's private key, a PEM file."
        ),
        Setting(
            key: "behind-proxy",
            kind: .truth,
            standard: "false",
            unit: "",
            help: "A proxy in front speaks TLS: listening beyond loopback without TLS is then allowed."
        ),
        Setting(
            key: "trusted-proxies",
            kind: .list,
            standard: "",
            unit: "",
            help: "Address ranges of proxies whose `X-Forwarded-For` counts."
        ),
        Setting(
            key: "public-base-url",
            kind: .text,
            standard: "",
            unit: "",
            help: "The URL under which clients reach this server, when it is not the one it listens on.",
            fallbacks: [
                "PUBLIC_BASE_URL", "WEBHOOK_BASE_URL", "NEXT_PUBLIC_APP_URL", "VERCEL_PROJECT_PRODUCTION_URL",
                "NEXTAUTH_URL",
            ]
        ),
        Setting(
            key: "metrics-token",
            kind: .text,
            standard: "",
            unit: "",
            help: "The token `/metrics` asks for; beyond loopback it answers only with one.",
            isSecret: true
        ),
        Setting(
            key: "idle-timeout",
            kind: .duration(1...3_600),
            standard: "30s",
            unit: "",
            help: "A connection without a request is closed after this."
        ),
        Setting(
            key: "body-timeout",
            kind: .duration(1...3_600),
            standard: "60s",
            unit: "",
            help: "A request's body must have come after this."
        ),
        Setting(
            key: "stall-timeout",
            kind: .duration(1...3_600),
            standard: "30s",
            unit: "",
            help: "A client that takes nothing of its answer for this long is cut off."
        ),
    ]

    private static let credentials: [Setting] = [
        Setting(
            key: "token",
            kind: .text,
            standard: "",
            unit: "",
            help: "The token of the account `default`; made at first start when absent.",
            aliases: ["QSTASH_TOKEN"],
            isSecret: true
        ),
        Setting(
            key: "tokens",
            kind: .list,
            standard: "",
            unit: "",
            help: "More tokens, each `account:secret` or `account:secret:read-only`.",
            isSecret: true
        ),
        Setting(
            key: "current-signing-key",
            kind: .text,
            standard: "",
            unit: "",
            help: "The signing key to begin with, together with the next; made at first start when absent.",
            aliases: ["QSTASH_CURRENT_SIGNING_KEY"],
            isSecret: true
        ),
        Setting(
            key: "next-signing-key",
            kind: .text,
            standard: "",
            unit: "",
            help: "The signing key that a rotation makes current.",
            aliases: ["QSTASH_NEXT_SIGNING_KEY"],
            isSecret: true
        ),
    ]

    private static let destinations: [Setting] = [
        Setting(
            key: "private-destinations",
            kind: .choice(["auto", "allow", "refuse"]),
            standard: "auto",
            unit: "",
            help:
                "Whether loopback and private addresses may be dialled; `auto` allows them while listening on loopback alone."
        ),
        Setting(
            key: "allowed-ranges",
            kind: .list,
            standard: "",
            unit: "",
            help: "Address ranges that may be dialled besides; link-local ones must be named here."
        ),
        Setting(
            key: "resolve-at-publish",
            kind: .choice(["auto", "true", "false"]),
            standard: "auto",
            unit: "",
            help:
                "Whether a publish to a host that does not exist is refused at once; `auto` means true, and false with `dev`."
        ),
        Setting(key: "region", kind: .text, standard: "EU-CENTRAL-1", unit: "", help: "Sent as `Upstash-Region`."),
    ]

    private static let accepting: [Setting] = [
        Setting(
            key: "retries-default",
            kind: .number(0...1_000),
            standard: "3",
            unit: "",
            help: "Retries of a message that names none."
        ),
        Setting(
            key: "retries-max",
            kind: .number(0...1_000),
            standard: "100",
            unit: "",
            help: "The most retries a message may ask for."
        ),
        Setting(
            key: "delay-max",
            kind: .duration(1...315_360_000),
            standard: "365d",
            unit: "",
            help: "The longest delay a message may ask for."
        ),
        Setting(
            key: "deduplication-window",
            kind: .duration(1...31_536_000),
            standard: "10m",
            unit: "",
            help: "How long a deduplication id is held."
        ),
        Setting(
            key: "body-bytes-max",
            kind: .number(bytesBounds),
            standard: "10485760",
            unit: "bytes",
            help: "The largest body of one message."
        ),
        Setting(
            key: "batch-bytes-max",
            kind: .number(bytesBounds),
            standard: "16777216",
            unit: "bytes",
            help: "The largest body of a batch."
        ),
        Setting(
            key: "batch-items-max",
            kind: .number(1...100_000),
            standard: "1000",
            unit: "messages",
            help: "The most messages of a batch."
        ),
        Setting(
            key: "header-bytes-max",
            kind: .number(1_024...1_048_576),
            standard: "65536",
            unit: "bytes",
            help: "All headers of a request, and of a message."
        ),
        Setting(
            key: "requests-max",
            kind: .number(countBounds),
            standard: "4096",
            unit: "publishes",
            help: "Publishes that wait for the disk."
        ),
        Setting(
            key: "request-bytes-max",
            kind: .number(bytesBounds),
            standard: "268435456",
            unit: "bytes",
            help: "Bodies of publishes that are being received or stored, in all."
        ),
        Setting(
            key: "startable-max",
            kind: .number(countBounds),
            standard: "4096",
            unit: "messages",
            help: "Messages that wait for nothing but this server, above which publishes wait, and are then refused."
        ),
    ]

    private static let delivering: [Setting] = [
        Setting(
            key: "timeout-default",
            kind: .duration(1...86_400),
            standard: "15m",
            unit: "",
            help: "The bound of a delivery that names none."
        ),
        Setting(
            key: "timeout-max",
            kind: .duration(1...86_400),
            standard: "2h",
            unit: "",
            help: "The bound no delivery can exceed."
        ),
        Setting(
            key: "deliveries-max",
            kind: .number(1...100_000),
            standard: "2000",
            unit: "deliveries",
            help: "Deliveries under way, in all."
        ),
        Setting(
            key: "deliveries-per-origin-max",
            kind: .number(1...100_000),
            standard: "256",
            unit: "deliveries",
            help: "Deliveries under way to one scheme, host and port, for each account."
        ),
        Setting(
            key: "delivery-bytes-max",
            kind: .number(bytesBounds),
            standard: "268435456",
            unit: "bytes",
            help: "Bodies of deliveries under way, in all."
        ),
        Setting(
            key: "response-bytes-max",
            kind: .number(0...104_857_600),
            standard: "1048576",
            unit: "bytes",
            help: "How much of a destination's answer is kept."
        ),
        Setting(
            key: "connect-timeout",
            kind: .number(millisecondBounds),
            standard: "10000",
            unit: "milliseconds",
            help: "The bound of connecting, TLS included."
        ),
        Setting(
            key: "connection-idle",
            kind: .number(millisecondBounds),
            standard: "4000",
            unit: "milliseconds",
            help: "How long a kept connection may be unused; many servers close theirs after 5 s."
        ),
        Setting(
            key: "connection-lifetime",
            kind: .duration(1...86_400),
            standard: "5m",
            unit: "",
            help: "How long a connection is used before its address is checked anew."
        ),
        Setting(
            key: "resolver-threads",
            kind: .number(1...256),
            standard: "8",
            unit: "threads",
            help: "Names looked up at once."
        ),
        Setting(
            key: "drain",
            kind: .duration(0...3_600),
            standard: "15s",
            unit: "",
            help: "How long a stop waits for deliveries under way."
        ),
    ]

    private static let keeping: [Setting] = [
        Setting(
            key: "horizon-max",
            kind: .number(100...countBounds.upperBound),
            standard: "100000",
            unit: "messages",
            help: "Waiting messages whose time is kept in memory."
        ),
        Setting(
            key: "window-bytes-max",
            kind: .number(bytesBounds),
            standard: "67108864",
            unit: "bytes",
            help: "Bodies kept in memory between accepting and delivering."
        ),
        Setting(
            key: "group-commit-wait",
            kind: .number(0...100_000),
            standard: "300",
            unit: "microseconds",
            help: "How long a small commit waits for company."
        ),
    ]
}
