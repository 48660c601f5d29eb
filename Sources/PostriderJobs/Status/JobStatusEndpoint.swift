import HTTPTypes

/// Tells how far a job is.
struct JobStatusEndpoint: Endpoint {
    let method = HTTPRequest.Method.get
    let path: RoutePath

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        let record: JobRecord
        switch await StatusAccess.record(for: request, parameters: parameters, in: environment) {
        case .answer(let answer): return answer.response
        case .record(let found, _): record = found
        }
        let body = record.statusFields.bytes
        let tag = record.entityTag(of: body)
        let isKnown = Self.names(request.head.headerFields[.ifNoneMatch], tag)
        var head = HTTPResponse(status: isKnown ? .notModified : .ok)
        head.headerFields[.eTag] = tag
        head.headerFields[.cacheControl] = "private, no-cache"
        if isKnown { return JobResponse(head: head, body: .bytes([])) }
        head.headerFields[.contentType] = "application/json"
        return JobResponse(head: head, body: .bytes(body))
    }

    /// Whether `If-None-Match` names a tag; a weak one with the same text counts (RFC 9110, 13.1.2).
    private static func names(_ field: String?, _ tag: String) -> Bool {
        guard let field else { return false }
        return field.split(separator: ",").contains { element in
            var candidate = element.drop { $0 == " " || $0 == "\t" }
            while candidate.last == " " || candidate.last == "\t" { candidate.removeLast() }
            return candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}
