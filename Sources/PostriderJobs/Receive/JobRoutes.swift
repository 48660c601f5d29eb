import HTTPTypes
import QStashWire

/// What a ``JobServer`` answers: jobs, webhooks, and endpoints of users.
public struct JobRoutes: Sendable {
    /// In the order in which they were added.
    private(set) var endpoints: [any Endpoint] = []

    /// Nothing yet.
    public init() {}

    mutating func add(_ endpoint: some Endpoint) {
        endpoints.append(endpoint)
    }
}

/// Finds the endpoint of a request: by its path verbatim, nothing about it is normalised.
struct RouteTable: Sendable {
    /// What answers a path, by method.
    private struct Entry: Sendable {
        let path: RoutePath
        var endpoints: [any Endpoint]

        var methods: [String] { endpoints.map(\.method.rawValue) }

        func endpoint(_ method: String) -> (any Endpoint)? { endpoints.first { $0.method.rawValue == method } }
    }

    /// What a request leads to.
    enum Match: Sendable {
        case endpoint(any Endpoint, parameters: [String: String])
        /// The path is known; these methods are what it answers.
        case wrongMethod(allowed: [String])
        case none
    }

    private var fixed: [String: Entry] = [:]
    private var patterns: [Entry] = []

    /// - Throws: ``JobsError`` with code `configuration_invalid` when two endpoints answer the same, or a path is none.
    init(_ endpoints: [any Endpoint]) throws(JobsError) {
        for endpoint in endpoints {
            let path = endpoint.path
            guard path.text.hasPrefix("/"), !path.text.contains("?"), !path.text.contains("#") else {
                throw JobsError(.configurationInvalid, "the path '\(path.text)' must begin with / and have no query")
            }
            if path.hasParameters {
                if let index = patterns.firstIndex(where: { $0.path.hasSameShape(as: path) }) {
                    try Self.add(endpoint, to: &patterns[index])
                } else {
                    patterns.append(Entry(path: path, endpoints: [endpoint]))
                }
            } else if var entry = fixed[path.text] {
                try Self.add(endpoint, to: &entry)
                fixed[path.text] = entry
            } else {
                fixed[path.text] = Entry(path: path, endpoints: [endpoint])
            }
        }
    }

    private static func add(_ endpoint: any Endpoint, to entry: inout Entry) throws(JobsError) {
        guard !entry.endpoints.contains(where: { $0.method == endpoint.method }) else {
            throw JobsError(
                .configurationInvalid,
                "two routes answer \(endpoint.method.rawValue) \(endpoint.path.text)"
            )
        }
        entry.endpoints.append(endpoint)
    }

    /// Finds what answers a request: of the routes that have the path the first with the method, one without placeholders before all others.
    func match(method: String, path: Substring) -> Match {
        var allowed: Set<String> = []
        if let entry = fixed[String(path)] {
            if let endpoint = entry.endpoint(method) { return .endpoint(endpoint, parameters: [:]) }
            allowed.formUnion(entry.methods)
        }
        let segments =
            patterns.isEmpty ? [] : path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        for entry in patterns {
            guard let parameters = entry.path.parameters(of: segments) else { continue }
            if let endpoint = entry.endpoint(method) {
                // Placeholders may differ in name between the methods of one path.
                return .endpoint(endpoint, parameters: endpoint.path.renamed(parameters, from: entry.path))
            }
            allowed.formUnion(entry.methods)
        }
        return allowed.isEmpty ? .none : .wrongMethod(allowed: allowed.sorted())
    }
}

extension RoutePath {
    fileprivate var hasParameters: Bool {
        segments.contains { if case .parameter = $0 { true } else { false } }
    }

    fileprivate func hasSameShape(as other: RoutePath) -> Bool {
        segments.count == other.segments.count
            && zip(segments, other.segments).allSatisfy { own, other in
                switch (own, other) {
                case (.text(let own), .text(let other)): own == other
                case (.parameter, .parameter): true
                default: false
                }
            }
    }

    /// What the placeholders stand for, percent-decoded; nil when the path is another, or an escape is broken.
    fileprivate func parameters(of values: [Substring]) -> [String: String]? {
        guard values.count == segments.count else { return nil }
        var parameters: [String: String] = [:]
        for (segment, value) in zip(segments, values) {
            switch segment {
            case .text(let text): guard text == value else { return nil }
            case .parameter(let name):
                guard !value.isEmpty, let decoded = PercentEncoding.decode(String(value)) else { return nil }
                parameters[name] = decoded
            }
        }
        return parameters
    }

    fileprivate func renamed(_ parameters: [String: String], from other: RoutePath) -> [String: String] {
        guard self != other, !parameters.isEmpty else { return parameters }
        var renamed: [String: String] = [:]
        for case (.parameter(let name), .parameter(let known)) in zip(segments, other.segments) {
            renamed[name] = parameters[known]
        }
        return renamed
    }
}
