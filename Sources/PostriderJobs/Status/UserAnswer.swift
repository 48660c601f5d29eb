public import HTTPTypes

/// What a user's endpoint answers.
public struct UserAnswer: Sendable {
    /// The status; 100...599.
    public var status: Int

    /// Header fields; `Content-Type` is added.
    public var headers: HTTPFields

    /// The body; nil for none.
    public var json: JSONValue?

    /// An answer without a body.
    public static func status(_ status: Int, headers: HTTPFields = [:]) -> UserAnswer {
        UserAnswer(status: status, headers: headers, json: nil)
    }

    /// An answer of JSON.
    public static func json(status: Int = 200, _ fields: [String: JSONValue], headers: HTTPFields = [:]) -> UserAnswer {
        UserAnswer(status: status, headers: headers, json: .object(fields))
    }

    /// An answer of any JSON value.
    public static func json(status: Int = 200, value: JSONValue, headers: HTTPFields = [:]) -> UserAnswer {
        UserAnswer(status: status, headers: headers, json: value)
    }

    var response: JobResponse {
        var head = HTTPResponse(status: .init(code: status), headerFields: headers)
        guard let json else { return JobResponse(head: head, body: .bytes([])) }
        if head.headerFields[.contentType] == nil { head.headerFields[.contentType] = "application/json" }
        return JobResponse(head: head, body: .bytes(json.bytes))
    }
}
