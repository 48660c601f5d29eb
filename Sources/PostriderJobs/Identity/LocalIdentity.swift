import HTTPTypes

/// One user for who works on the machine itself, so that a first job can be watched without setting up anything.
///
/// For servers that listen on loopback alone and have no identity configured. Everyone who can open a connection to them from this
/// machine is that user. The peer's address alone would not do: a browser on this machine carries requests of any page, a proxy those of any stranger, and
/// a broker those of whoever may publish. So a request counts only when
///
/// - its connection comes from loopback;
/// - no proxy has had it: it has no `Forwarded`, `X-Forwarded-…`, `Via`, `X-Real-IP` or `CF-Connecting-IP`;
/// - it is no broker's delivery: it has no `Upstash-…` and no `Postrider-…`, which a broker adds and no publisher can take away;
/// - its `Host` is a loopback name or address, because a page elsewhere may have a name of its own that leads to 127.0.0.1 (DNS rebinding);
/// - `Origin` and `Sec-Fetch-Site`, where a browser sends them, do not name another site.
public struct LocalIdentity: IdentityProvider {
    /// The id of that user; the same on every machine, and of no version that is ever made up.
    public static let userID = "00000000-0000-0000-0000-00000000c0de"

    private static let proxyFields = ["forwarded", "via", "x-real-ip", "cf-connecting-ip"]
    private static let origin = HTTPField.Name.known("Origin")
    private static let fetchSite = HTTPField.Name.known("Sec-Fetch-Site")

    private let identity: Identity

    /// The local user.
    ///
    /// - Parameter isOperator: Whether it also sees jobs that are not its own.
    public init(isOperator: Bool = false) {
        identity = Identity(userID: Self.userID, isOperator: isOperator)
    }

    /// The local user; nil when the request may come from somewhere else.
    public func identity(of request: JobRequest) -> Identity? {
        guard let address = request.remoteAddress, LoopbackAddress.isAddress(address),
            let host = request.head.authority, LoopbackAddress.isHost(host),
            !Self.hasPassedProxy(request.head.headerFields),
            !Self.isDelivery(request.head.headerFields),
            Self.isOfThisSite(request.head.headerFields)
        else { return nil }
        return identity
    }

    private static func hasPassedProxy(_ fields: HTTPFields) -> Bool {
        fields.contains { field in
            let name = field.name.canonicalName
            return name.hasPrefix("x-forwarded-") || proxyFields.contains(name)
        }
    }

    /// Whether a broker sent it, in the name of a publisher who may be anywhere.
    private static func isDelivery(_ fields: HTTPFields) -> Bool {
        fields.contains { field in
            let name = field.name.canonicalName
            return name.hasPrefix("upstash-") || name.hasPrefix("postrider-")
        }
    }

    private static func isOfThisSite(_ fields: HTTPFields) -> Bool {
        if let site = fields[fetchSite], !["same-origin", "same-site", "none"].contains(site.lowercased()) {
            return false
        }
        guard let origin = fields[origin] else { return true }
        // `null` is the origin of sandboxed pages and of files: nobody's.
        guard let separator = origin.firstRange(of: "://") else { return false }
        let scheme = origin[..<separator.lowerBound].lowercased()
        return ["http", "https"].contains(scheme) && LoopbackAddress.isHost(String(origin[separator.upperBound...]))
    }
}
