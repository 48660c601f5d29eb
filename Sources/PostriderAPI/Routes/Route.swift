package import HTTPTypes

/// What a request asks for, read from its method and its verbatim path.
package enum Route: Hashable, Sendable {
    /// Its associated value is the verbatim remainder of the path.
    case publish(Substring)
    case batch
    case message(String)
    case cancel(String)
    case bulkCancel
    /// `events` or `logs`: the name under which the entries are answered.
    case events(key: String)
    case deadLetters
    case deadLetter(String)
    case deleteDeadLetter(String)
    case deleteDeadLetters
    case retryDeadLetter(String)
    case retryDeadLetters
    case keys
    case rotateKeys
    case health
    case ready
    case metrics

    /// Paths of the protocol that a later version serves.
    private static let laterRoots: Set<Substring> = [
        "enqueue", "queues", "schedules", "topics", "flowControl", "globalParallelism", "bulkActions",
    ]

    /// True for routes that a read-only token may not use: those that change something, and the keys, which can forge.
    package var needsFullAccess: Bool {
        switch self {
        case .publish, .batch, .cancel, .bulkCancel, .deleteDeadLetter, .deleteDeadLetters, .retryDeadLetter,
            .retryDeadLetters, .keys, .rotateKeys:
            true
        case .message, .events, .deadLetters, .deadLetter, .health, .ready, .metrics:
            false
        }
    }

    /// True for the routes outside `/v2`, which need no account.
    package var isOperational: Bool {
        switch self {
        case .health, .ready, .metrics: true
        default: false
        }
    }

    /// True for the paths that this interface answers, be it with an error; an application beside it never sees them.
    package static func isOwn(_ path: Substring) -> Bool {
        switch path {
        case "/v2", "/healthz", "/readyz", "/metrics": true
        default: path.hasPrefix("/v2/")
        }
    }

    /// The route of a request.
    ///
    /// A trailing slash is accepted where it cannot widen what the call does; a delete or retry with an empty id is refused,
    /// since clients send exactly that for an id they forgot (decision 7).
    ///
    /// - Throws: ``APIError``: 404 for an unknown path, 405 with `Allow` for a wrong method, 400 for an empty id.
    package init(method: HTTPRequest.Method, path: Substring) throws(APIError) {
        if let remainder = path.removingPrefix("/v2/publish/") {
            self = try Self.select(method, [.post: .publish(remainder)])
            return
        }
        switch path {
        case "/healthz": self = try Self.select(method, [.get: .health, .head: .health, .post: .health])
        case "/readyz": self = try Self.select(method, [.get: .ready, .head: .ready])
        case "/metrics": self = try Self.select(method, [.get: .metrics])
        default:
            guard let rest = path.removingPrefix("/v2/") else { throw .notFound }
            try self.init(method: method, protocolPath: rest)
        }
    }

    private init(method: HTTPRequest.Method, protocolPath path: Substring) throws(APIError) {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard let root = parts.first, !Self.laterRoots.contains(root) else {
            throw .notYet("/v2/\(parts.first ?? "")")
        }
        let isSlashed = parts.count > 1 && parts[parts.count - 1].isEmpty
        let names = isSlashed ? parts.dropLast() : parts[...]
        guard names.allSatisfy({ !$0.isEmpty }) else { throw .notFound }
        let second = names.count > 1 ? String(names[1]) : nil
        switch (root, names.count) {
        case ("publish", 1):
            throw APIError(.badRequest, code: "destination_missing", message: "the path names no destination")
        case ("batch", 1):
            self = try Self.select(method, [.post: .batch])
        case ("messages", 1):
            if isSlashed { throw Self.emptyID("message id") }
            self = try Self.select(method, [.delete: .bulkCancel])
        case ("messages", 2):
            let id = second ?? ""
            self = try Self.select(method, [.get: .message(id), .delete: .cancel(id)])
        case ("events", 1):
            self = try Self.select(method, [.get: .events(key: "events")])
        case ("logs", 1):
            self = try Self.select(method, [.get: .events(key: "logs")])
        case ("dlq", 1):
            if isSlashed, method == .delete { throw Self.emptyID("dlq id") }
            self = try Self.select(method, [.get: .deadLetters, .delete: .deleteDeadLetters])
        case ("dlq", 2) where second == "retry":
            if isSlashed { throw Self.emptyID("dlq id") }
            self = try Self.select(method, [.post: .retryDeadLetters])
        case ("dlq", 2):
            let id = second ?? ""
            self = try Self.select(method, [.get: .deadLetter(id), .delete: .deleteDeadLetter(id)])
        case ("dlq", 3) where second == "retry":
            self = try Self.select(method, [.post: .retryDeadLetter(String(names[2]))])
        case ("keys", 1):
            self = try Self.select(method, [.get: .keys])
        case ("keys", 2) where second == "rotate":
            self = try Self.select(method, [.post: .rotateKeys])
        default:
            throw .notFound
        }
    }

    private static func select(
        _ method: HTTPRequest.Method,
        _ routes: [HTTPRequest.Method: Route]
    ) throws(APIError) -> Route {
        if let route = routes[method] { return route }
        throw APIError(
            .methodNotAllowed,
            code: "method_not_allowed",
            message: "this resource does not answer \(method.rawValue.prefix(32))",
            headers: [.allow: routes.keys.map(\.rawValue).sorted().joined(separator: ", ")]
        )
    }

    private static func emptyID(_ name: String) -> APIError {
        APIError(
            .badRequest,
            code: "id_missing",
            message: "the \(name) is empty; nothing was done. Leave the trailing slash out to mean more than one"
        )
    }
}

extension Substring {
    func removingPrefix(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}
