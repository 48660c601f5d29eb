#if Postgres
import CLibPQ

/// Where PostgreSQL is and how to speak to it.
///
/// Nothing that prints it shows the password.
package struct PostgresConfiguration: Sendable {
    /// One server of a list.
    package struct Host: Sendable, Hashable {
        /// A name, an address, or the folder of a Unix socket.
        package var name: String
        /// The address to dial instead of resolving the name; empty for none.
        package var address: String
        package var port: String
    }

    /// libpq's keywords other than host, hostaddr and port, as they are given to it.
    var parameters: [String: String]

    /// The servers, in the order in which they are tried; empty for libpq's own default.
    package private(set) var hosts: [Host]

    /// Whether a pooler in transaction mode stands between: then no state outlives a transaction, so that there are
    /// no named statements and no LISTEN.
    package var isPooled: Bool

    /// The bounds.
    package var limits: PostgresLimits

    /// Settings that every transaction begins with (`SET LOCAL`), in this order, beside the time-outs.
    package var transactionSettings: [(name: String, value: String)] = [("TimeZone", "UTC")]

    /// Reads a connection string as libpq does, several hosts included.
    ///
    /// What the string leaves out is chosen here: `application_name`, keepalives, `tcp_user_timeout`, and with several hosts
    /// `target_session_attrs=read-write`. The client encoding is always UTF-8.
    ///
    /// - Parameter text: `postgresql://user:password@host:port/database?…` or `host=… user=…`.
    /// - Throws: ``PostgresError`` with code `configuration_invalid`; its text repeats nothing of the string, which holds a secret.
    package init(
        _ text: String,
        isPooled: Bool = false,
        applicationName: String = "postrider",
        limits: PostgresLimits = PostgresLimits()
    ) throws(PostgresError) {
        try limits.validate()
        var parameters = try Self.parse(text)
        hosts = try Self.hosts(from: &parameters)
        let defaults = [
            "application_name": applicationName,
            "keepalives": "1",
            "keepalives_idle": "30",
            "keepalives_interval": "5",
            "keepalives_count": "3",
            // How long sent data may stay unacknowledged; it also ends the dialling of a host that does not answer.
            "tcp_user_timeout": "20000",
        ]
        parameters.merge(defaults) { given, _ in given }
        parameters["client_encoding"] = "UTF8"
        if hosts.count > 1, parameters["target_session_attrs"] == nil {
            parameters["target_session_attrs"] = "read-write"
        }
        self.parameters = parameters
        self.isPooled = isPooled
        self.limits = limits
        if let seconds = parameters["connect_timeout"].flatMap(Int.init), seconds > 0 {
            self.limits.connectTimeout = .seconds(min(seconds, 3_600))
        }
    }

    /// The database's name, the user's when none is given; nil when libpq chooses both.
    package var database: String? { parameters["dbname"] ?? parameters["user"] }

    /// The user who connects; nil when libpq chooses.
    package var user: String? { parameters["user"] }

    /// What the server shows in `pg_stat_activity`.
    package var applicationName: String? { parameters["application_name"] }

    /// The same with only these servers.
    func trying(_ hosts: [Host]) -> PostgresConfiguration {
        var copy = self
        copy.hosts = hosts
        return copy
    }

    /// Keywords and values as libpq takes them.
    var keywords: [(String, String)] {
        var list = parameters.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        guard !hosts.isEmpty else { return list }
        list.append(("host", hosts.map(\.name).joined(separator: ",")))
        if hosts.contains(where: { !$0.address.isEmpty }) {
            list.append(("hostaddr", hosts.map(\.address).joined(separator: ",")))
        }
        if hosts.contains(where: { !$0.port.isEmpty }) {
            list.append(("port", hosts.map(\.port).joined(separator: ",")))
        }
        return list
    }

    private static func parse(_ text: String) throws(PostgresError) -> [String: String] {
        // libpq's own message can repeat a part of the password.
        let refused = PostgresError(
            .configurationInvalid,
            "the connection string is neither postgresql://user:password@host:port/database nor key=value pairs"
        )
        guard !text.isEmpty, !text.utf8.contains(0) else { throw refused }
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(text, &message) else {
            PQfreemem(message)
            throw refused
        }
        defer { PQconninfoFree(options) }
        var parameters: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { parameters[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return parameters
    }

    /// Takes the servers out of the parameters.
    private static func hosts(from parameters: inout [String: String]) throws(PostgresError) -> [Host] {
        func list(_ keyword: String) -> [String] {
            parameters.removeValue(forKey: keyword).map {
                $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
            } ?? []
        }
        let names = list("host")
        let addresses = list("hostaddr")
        let ports = list("port")
        let count = max(names.count, addresses.count)
        guard names.isEmpty || addresses.isEmpty || names.count == addresses.count else {
            throw PostgresError(.configurationInvalid, "host and hostaddr differ in number")
        }
        guard ports.count <= 1 || ports.count == count else {
            throw PostgresError(.configurationInvalid, "host and port differ in number")
        }
        // A port alone belongs to libpq's default host.
        guard count > 0 else {
            if let port = ports.first { parameters["port"] = port }
            return []
        }
        return (0..<count).map { index in
            Host(
                name: names.isEmpty ? "" : names[index],
                address: addresses.isEmpty ? "" : addresses[index],
                port: ports.count == 1 ? ports[0] : ports.isEmpty ? "" : ports[index]
            )
        }
    }
}

extension PostgresConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Servers, database and user; nothing secret.
    package var description: String {
        let places = hosts.map { host in
            let name = host.name.isEmpty ? host.address : host.name
            return host.port.isEmpty ? name : "\(name):\(host.port)"
        }
        return "\(places.joined(separator: ","))/\(database ?? "")" + (user.map { " as \($0)" } ?? "")
    }

    package var debugDescription: String { description }

    package var customMirror: Mirror { Mirror(self, children: ["description": description]) }
}
#endif
