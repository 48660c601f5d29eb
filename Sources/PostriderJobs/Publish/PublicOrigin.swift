import QStashWire

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The origin by which others reach this application.
public enum PublicOrigin {
    /// The variables that may name it, in the order in which they count; the first that is not empty does (application reference, 13 #24).
    ///
    /// `VERCEL_URL` is not among them: it names a single deployment.
    public static let variables = [
        "PUBLIC_BASE_URL", "WEBHOOK_BASE_URL", "NEXT_PUBLIC_APP_URL", "VERCEL_PROJECT_PRODUCTION_URL", "NEXTAUTH_URL",
    ]

    /// The origin that the environment names, without a final `/`; `https://` is added to a bare host.
    ///
    /// - Parameter localPort: The port of `http://localhost:<port>`, which is the answer when no variable is set.
    /// - Throws: ``JobsError`` with code `configuration_invalid` naming the variable that is no origin.
    public static func origin(
        in environment: [String: String] = ProcessInfo.processInfo.environment,
        localPort: Int = 3_000
    ) throws(JobsError) -> String {
        for name in variables {
            guard var text = environment[name], !text.isEmpty else { continue }
            while text.hasSuffix("/") { text.removeLast() }
            if !text.contains("://") { text = "https://\(text)" }
            guard isValid(text) else {
                throw JobsError(.configurationInvalid, "\(name) is no origin such as https://app.example.com")
            }
            return text
        }
        return "http://localhost:\(localPort)"
    }

    /// Whether a text is `http://` or `https://` and an authority, and nothing else.
    static func isValid(_ text: String) -> Bool {
        guard let separator = text.firstRange(of: "://") else { return false }
        let authority = text[separator.upperBound...]
        let scheme = text[..<separator.lowerBound]
        guard scheme == "http" || scheme == "https", !authority.isEmpty, !authority.hasPrefix(":") else { return false }
        return authority.utf8.allSatisfy { PercentEncoding.isUnreserved($0) || "[]:".utf8.contains($0) }
    }

    /// The URL of a path at an origin; nil when the path does not lead there.
    ///
    /// A path begins with one `/`, and has neither `..` nor a fragment, nor anything that browsers take for a `/`.
    static func url(origin: String, path: String) -> String? {
        guard path.hasPrefix("/"), !path.hasPrefix("//"), path.utf8.count <= 2_048,
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "#") })
        else { return nil }
        let segments = path.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false)
        let leavesPath = segments.contains { segment in
            guard let decoded = PercentEncoding.decode(String(segment)) else { return true }
            return decoded == "." || decoded == ".."
        }
        return leavesPath ? nil : origin + path
    }
}
