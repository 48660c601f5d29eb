import HTTPTypes
import QStashWire

/// One call of the server's interface, before it is bound to a server: what is asked, and what may be done when it fails.
struct APICall: Sendable {
    /// What may happen when the same call reaches the server twice.
    enum Repetition: Sendable {
        /// Twice is as good as once.
        case harmless
        /// The second would act again; a 429 says that the first did not. A 503 does not say so: a server may have stored what it
        /// could not confirm.
        case publishes
        /// The second would act again, and a refusal does not say how far the first came.
        case never
    }

    var method: HTTPRequest.Method
    /// The path behind the server's URL, verbatim, such as `/v2/keys`.
    var path: String
    /// Parameters in order; values are percent-encoded when the target is built.
    var query: [(name: String, value: String)] = []
    var fields = HTTPFields()
    var body: [UInt8] = []
    var repetition: Repetition

    init(
        _ method: HTTPRequest.Method,
        _ path: String,
        query: [(name: String, value: String)] = [],
        fields: HTTPFields = HTTPFields(),
        body: [UInt8] = [],
        repetition: Repetition = .harmless
    ) {
        self.method = method
        self.path = path
        self.query = query
        self.fields = fields
        self.body = body
        self.repetition = repetition
    }

    /// The path with its query.
    var target: String {
        guard !query.isEmpty else { return path }
        var target = path + "?"
        for (index, parameter) in query.enumerated() {
            if index > 0 { target += "&" }
            target += PercentEncoding.encode(parameter.name) + "=" + PercentEncoding.encode(parameter.value)
        }
        return target
    }
}
