/// What `serve` is going to do for applications: which, who their users are, where they publish and keep their data.
struct ApplicationPlan: Sendable {
    /// An application that comes with the program.
    enum Name: String, Sendable, CaseIterable {
        case demo
    }

    /// How users prove who they are.
    struct Tokens: Sendable {
        var secrets: [String]
        var issuer: String?
        var audience: String?
    }

    /// A broker elsewhere, such as QStash's cloud.
    struct Broker: Sendable {
        var url: String
        var token: String
        var currentSigningKey: String
        var nextSigningKey: String?
    }

    var names: [Name]
    /// Nil when no secret is known.
    var tokens: Tokens?
    /// Where the applications publish; nil for this server itself.
    var broker: Broker?
    /// The applications' database as the variables name it; empty for the file in the data folder.
    var database: [String: String]
    var telemetryHashSecret: String?
    /// Where the broker reaches this server; nil for the address it listens on.
    var publicURL: PublicURL?
    /// Whether this server's only user may be whoever works on the machine.
    var isLocal: Bool
    /// What the one who runs it may not expect, to be told at start.
    var notices: [String]

    /// - Parameters:
    ///   - isLocal: Whether the server is reached from this machine alone.
    /// - Throws: ``SettingError`` that names what is wrong.
    init(_ values: SettingValues, host: String, port: Int, isLocal: Bool, isSecure: Bool) throws {
        names = try Self.names(values)
        notices = []
        publicURL = try values.text("public-base-url").map { try PublicURL($0, key: "public-base-url") }
        // What another program's variable says is nothing to a server without applications.
        if !names.isEmpty, let other = values.fallback("public-base-url") {
            let url = try PublicURL(other.text, key: other.variable, isCut: true)
            notices.append(
                "jobs are delivered to \(url.text), as \(other.variable) says; public-base-url says otherwise"
            )
            publicURL = url
        }
        tokens = try Self.tokens(values)
        self.isLocal = isLocal && publicURL?.isLoopback != false
        telemetryHashSecret = values.text("telemetry-hash-secret")
        database = names.isEmpty ? [:] : Self.database(values)
        if names.isEmpty, values.text("database-url") != nil {
            notices.append("without apps database-url (DATABASE_URL) is not used: the broker needs no other database")
        }
        broker =
            names.isEmpty ? nil : try Self.broker(values, host: host, port: port, publicURL: publicURL)
        // The server's token goes to that name with each job that is published: another program's variable must not say it.
        if isSecure, values.text("public-base-url") == nil, !names.isEmpty {
            throw SettingError(
                "apps with tls-cert need public-base-url: deliveries go to the name that the certificate is for"
            )
        }
    }

    private static func names(_ values: SettingValues) throws -> [Name] {
        var names: [Name] = []
        for text in values.list("apps") {
            guard let name = Name(rawValue: text) else {
                let known = Name.allCases.map(\.rawValue).joined(separator: ", ")
                throw SettingError("the setting apps has \"\(text.prefix(64))\" but must be of: \(known)")
            }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    private static func tokens(_ values: SettingValues) throws -> Tokens? {
        let secrets = values.list("identity-jwt-secret")
        guard !secrets.isEmpty else {
            for key in ["identity-jwt-issuer", "identity-jwt-audience"] where values.text(key) != nil {
                throw SettingError("\(key) says something about users' tokens, but there is no identity-jwt-secret")
            }
            return nil
        }
        guard secrets.allSatisfy({ $0.utf8.count >= 32 }) else {
            throw SettingError("the setting identity-jwt-secret must have at least 32 bytes")
        }
        return Tokens(
            secrets: secrets,
            issuer: values.text("identity-jwt-issuer"),
            audience: values.text("identity-jwt-audience")
        )
    }

    private static func database(_ values: SettingValues) -> [String: String] {
        var variables = ["DATABASE_URL": values.text("database-url") ?? ""]
        variables["DATABASE_DIRECT_URL"] = values.text("database-direct-url")
        if let isPooled = values.text("database-pooled"), isPooled != "auto" { variables["DATABASE_POOLED"] = isPooled }
        return variables
    }

    /// A broker elsewhere; nil when the URL leads here.
    private static func broker(
        _ values: SettingValues,
        host: String,
        port: Int,
        publicURL: PublicURL?
    ) throws -> Broker? {
        guard var text = values.text("broker-url") else { return nil }
        // Both forms are in use (application reference, 13 #23).
        for ending in ["/", "/v2/publish", "/v2"] where text.hasSuffix(ending) {
            text = String(text.dropLast(ending.count))
        }
        let url = try PublicURL(text, key: "broker-url")
        let isHere = url == publicURL || (url.port == port && (url.host == host || (url.isLoopback && isAtHome(host))))
        guard !isHere else { return nil }
        guard let token = values.text("token"), let current = values.text("current-signing-key") else {
            throw SettingError(
                "broker-url leads to another broker: its token, current-signing-key and next-signing-key are needed"
            )
        }
        return Broker(
            url: url.text,
            token: token,
            currentSigningKey: current,
            nextSigningKey: values.text("next-signing-key")
        )
    }

    /// Whether a server that listens on this host is reached by loopback.
    private static func isAtHome(_ host: String) -> Bool {
        host == "0.0.0.0" || host == "::" || ServePlan.isLoopback(host)
    }
}
