import HTTPTypes

/// What answers the requests of one method and path.
protocol Endpoint: Sendable {
    /// The method it answers.
    var method: HTTPRequest.Method { get }

    /// The path it answers.
    var path: RoutePath { get }

    /// Answers a request; whatever goes wrong is an answer too.
    ///
    /// - Parameter parameters: What the placeholders of ``path`` stand for, percent-decoded.
    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse
}

/// A path of fixed segments and placeholders: `/api/jobs/{requestId}/events`.
struct RoutePath: Sendable, Hashable {
    /// A segment of a path.
    enum Segment: Sendable, Hashable {
        case text(String)
        case parameter(String)
    }

    let text: String
    let segments: [Segment]

    /// - Parameter text: Begins with `/`; a segment `{name}` matches any one segment that is not empty.
    init(_ text: String) {
        self.text = text
        self.segments = text.split(separator: "/", omittingEmptySubsequences: true).map { segment in
            segment.hasPrefix("{") && segment.hasSuffix("}")
                ? .parameter(String(segment.dropFirst().dropLast()))
                : .text(String(segment))
        }
    }
}
