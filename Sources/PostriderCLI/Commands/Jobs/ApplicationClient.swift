import HTTPTypes
import PostriderJobs
import QStash

/// Asks an application for its users' jobs.
struct ApplicationClient: Sendable {
    private static let timeout = Duration.seconds(30)
    private static let answerBytesMax = 16 * 1_048_576

    /// The URL without a final slash, as it was given.
    let url: String
    let context: CommandContext
    private let scheme: String
    private let authority: String
    private let prefix: String
    private let token: String?

    /// - Throws: ``CommandFailure`` when the URL is none, or the token cannot stand in a header.
    init(url: String, token: String?, context: CommandContext) throws(CommandFailure) {
        var text = url[...]
        while text.last == "/" { text = text.dropLast() }
        let server = ServerURL(String(text))
        let rest = text.drop { $0 != ":" }.dropFirst(3)
        let authority = rest.prefix { $0 != "/" }
        guard server.isHTTP, !authority.contains("@"), !text.contains(where: { "?# ".contains($0) }),
            text.allSatisfy(\.isASCII)
        else {
            throw CommandFailure(
                .configuration,
                code: "url_unusable",
                "\"\(VisibleText.line(String(url.prefix(200))))\" is not the URL of an application",
                advice: "give one such as https://app.example.com"
            )
        }
        guard token?.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) != false else {
            throw CommandFailure(
                .configuration,
                code: "credentials_unusable",
                "the user's token has characters that no token has"
            )
        }
        self.url = String(text)
        self.scheme = server.scheme
        self.authority = String(authority)
        self.prefix = String(rest.dropFirst(authority.count))
        self.token = token
        self.context = context
    }

    /// Where the job is: a record of it.
    func job(_ requestID: String) async throws -> JobReport {
        let response = try await send(request(.get, requestID))
        guard response.head.status == .ok else { throw Refusal.failure(response, url: url, hasToken: token != nil) }
        return try JobReport(parsing: response.body)
    }

    /// Asks for the job's end.
    ///
    /// - Returns: The state it was in.
    func cancel(_ requestID: String) async throws -> String {
        let response = try await send(request(.delete, requestID))
        guard response.head.status == .ok else { throw Refusal.failure(response, url: url, hasToken: token != nil) }
        return JSONValue.parse(response.body)?["previousStatus"]?.string ?? ""
    }

    /// Follows the job's events from the one behind `lastEventID` until the stream ends.
    ///
    /// - Parameter onEvent: Gets each event; false ends the stream.
    /// - Throws: ``CommandFailure`` for a refusal; `QStashTransportError` when the connection breaks.
    func events(
        of requestID: String,
        after lastEventID: String?,
        onEvent: @escaping @Sendable (EventStreamParser.Event) async throws -> Bool
    ) async throws {
        var request = try request(.get, requestID, "/events")
        request.headerFields[.accept] = "text/event-stream"
        if let lastEventID, let name = HTTPField.Name("Last-Event-ID") { request.headerFields[name] = lastEventID }
        let reader = EventReader(onEvent: onEvent)
        try await context.streams.stream(request, connectTimeout: Self.timeout) { head in
            let type = head.headerFields[.contentType]?.lowercased() ?? ""
            guard head.status == .ok else {
                throw Refusal.failure(QStashResponse(head: head), url: url, hasToken: token != nil)
            }
            guard type.hasPrefix("text/event-stream") else { throw Refusal.noApplication(url) }
            return true
        } onBytes: { bytes in
            try await reader.take(bytes)
        }
    }

    private func request(
        _ method: HTTPRequest.Method,
        _ requestID: String,
        _ suffix: String = ""
    ) throws(CommandFailure) -> HTTPRequest {
        guard !requestID.isEmpty, requestID.utf8.count <= 255, requestID.utf8.allSatisfy({ Self.isPlain($0) }) else {
            throw CommandFailure(
                .dataRefused,
                code: "request_id_invalid",
                "a request id has letters, digits and \"-_.\" alone"
            )
        }
        var fields: HTTPFields = [.accept: "application/json"]
        if let token { fields[.authorization] = "Bearer \(token)" }
        return HTTPRequest(
            method: method,
            scheme: scheme,
            authority: authority,
            path: "\(prefix)/api/jobs/\(requestID)\(suffix)",
            headerFields: fields
        )
    }

    private func send(_ head: HTTPRequest) async throws -> QStashResponse {
        do {
            return try await NamingTransport(context.transport)
                .send(QStashRequest(head: head), timeout: Self.timeout, answerBytesMax: Self.answerBytesMax)
        } catch let error as QStashTransportError {
            throw Refusal.failure(error)
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
