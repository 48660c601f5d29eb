import HTTPTypes
import QStashWire

/// The server that calls go to, and the token they carry.
struct ServerEndpoint: Sendable {
    /// Scheme, authority and path, without a slash at the end.
    let text: String
    let scheme: String
    let authority: String
    /// The path in front of `/v2`; empty for most.
    let pathPrefix: String
    /// The complete value of `Authorization`.
    let authorization: String

    /// - Throws: ``QStashError`` with code `configuration_invalid`.
    init(baseURL: String, token: String) throws(QStashError) {
        var text = baseURL[...]
        while text.last == "/" { text = text.dropLast() }
        // A mistake so common that the JavaScript client corrects it too (wire reference, section 24.2).
        if text == "https://qstash.upstash.io/v2/publish" { text = "https://qstash.upstash.io" }
        guard let separator = text.firstRange(of: "://") else { throw Self.invalid }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw Self.invalid }
        let rest = text[separator.upperBound...]
        let authority = rest.prefix { $0 != "/" }
        guard !authority.isEmpty, !authority.contains("@"), text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !text.contains("?"), !text.contains("#"), Self.hasPossiblePort(authority),
            authority.utf8.allSatisfy(Self.mayStandInAuthority)
        else { throw Self.invalid }
        guard !token.isEmpty else {
            throw QStashError(.configurationInvalid, "the token is empty: set QSTASH_TOKEN", option: "token")
        }
        guard token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            // A file that ends in a newline is the usual reason.
            throw QStashError(
                .configurationInvalid,
                "the token has a blank, a newline or another character that no token has",
                option: "token"
            )
        }
        self.text = String(text)
        self.scheme = scheme
        self.authority = String(authority)
        self.pathPrefix = String(rest.dropFirst(authority.count))
        self.authorization = "Bearer \(token)"
    }

    /// Letters, digits and what names and addresses are written with; the HTTP client refuses the rest, but only at the first call.
    private static func mayStandInAuthority(_ byte: UInt8) -> Bool {
        PercentEncoding.isUnreserved(byte) || "[]:".utf8.contains(byte)
    }

    /// Whether what follows the host is nothing, or a port of 1 to 65535.
    private static func hasPossiblePort(_ authority: Substring) -> Bool {
        var rest = authority
        if rest.first == "[" {
            guard let end = rest.firstIndex(of: "]") else { return false }
            rest = rest[rest.index(after: end)...]
        } else {
            guard rest.first != ":" else { return false }
            rest = rest.drop { $0 != ":" }
        }
        guard !rest.isEmpty else { return true }
        let digits = rest.dropFirst()
        guard rest.first == ":", digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else {
            return false
        }
        return UInt16(digits).map { $0 > 0 } ?? false
    }

    private static var invalid: QStashError {
        QStashError(
            .configurationInvalid,
            "the server's URL must be http:// or https:// with a host, without user, query or fragment",
            option: "baseURL"
        )
    }
}
