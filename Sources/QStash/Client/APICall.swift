import HTTPTypes

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
            target += PercentEncodedText.of(parameter.name) + "=" + PercentEncodedText.of(parameter.value)
        }
        return target
    }
}

/// Text as it may stand in one segment of a path or in one value of a query.
enum PercentEncodedText {
    private static let hexDigits = Array("0123456789ABCDEF".utf8)

    /// The text with everything but unreserved characters (RFC 3986) as `%XX` of its UTF-8 bytes.
    static func of(_ text: String) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            if isUnreserved(byte) {
                bytes.append(byte)
            } else {
                bytes.append(UInt8(ascii: "%"))
                bytes.append(hexDigits[Int(byte >> 4)])
                bytes.append(hexDigits[Int(byte & 15)])
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
