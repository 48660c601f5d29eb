import PostriderAddressGuard
import QStashWire

/// The URL under which this server is reached, as far as its origin: protocol, host and port.
struct PublicURL: Sendable, Equatable {
    /// Without a path and a final slash, the port only where the URL names one.
    let text: String
    /// Protocol, host and port, always with the port.
    let origin: String
    let host: String
    let port: Int

    /// - Parameters:
    ///   - text: A URL; without a protocol it is `https`, as hosts of applications write it.
    ///   - key: The setting, or the variable that says it.
    ///   - isCut: Whether a path and a query are left out instead of refused.
    /// - Throws: ``SettingError`` when it is none, or has more than an origin.
    init(_ text: String, key: String, isCut: Bool = false) throws {
        let given = text.contains("://") ? text : "https://" + text
        let whole = isCut ? Self.cut(given) : given
        let trimmed = whole.hasSuffix("/") ? String(whole.dropLast()) : whole
        guard let url = try? DestinationURL(parsing: trimmed), url.requestTarget == "/", !trimmed.hasSuffix("/"),
            !trimmed.contains("?"), !trimmed.contains("#")
        else {
            throw SettingError(
                "the setting \(key) is \"\(text.prefix(64))\" but must be http:// or https:// and a host, without a path"
            )
        }
        self.text = trimmed
        self.origin = url.origin
        self.host = url.host
        self.port = url.port
    }

    /// Protocol, host and port as they are written.
    private static func cut(_ url: String) -> String {
        guard let separator = url.firstRange(of: "://") else { return url }
        return String(url[..<(url[separator.upperBound...].firstIndex { "/?#".contains($0) } ?? url.endIndex)])
    }

    /// Whether the host is this machine by name or address.
    var isLoopback: Bool { host.hasSuffix(".localhost") || ServePlan.isLoopback(host) }
}
