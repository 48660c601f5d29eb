package import HTTPTypes
package import QStashWire

/// An answer, whole.
package struct APIResponse: Sendable {
    package var status: HTTPResponse.Status
    package var fields: HTTPFields
    package var body: [UInt8]

    package init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// An answer that carries JSON.
    package static func json(_ status: HTTPResponse.Status = .ok, _ build: (inout JSONWriter) -> Void) -> APIResponse {
        var writer = JSONWriter()
        build(&writer)
        return APIResponse(status: status, fields: [.contentType: "application/json"], body: writer.bytes)
    }

    /// The answer for an error.
    package static func error(_ error: APIError) -> APIResponse {
        var response = json(error.status) { json in
            json.beginObject()
            json.field("error", error.message)
            json.field("code", error.code)
            json.endObject()
        }
        for field in error.headers { response.fields.append(field) }
        return response
    }
}
