import HTTPTypes

/// The parameters of a query, decoded, in order, several values a name.
package struct QueryParameters: Sendable {
    /// Names and values in the order in which they came.
    package let all: [(name: String, value: String)]

    private static let parametersMax = 2_048

    /// - Throws: ``APIError`` with 400 when a `%` sequence is broken, the bytes are not UTF-8, or there are too many.
    package init(_ query: Substring?) throws(APIError) {
        var all: [(name: String, value: String)] = []
        for part in (query ?? "").split(separator: "&", omittingEmptySubsequences: true) {
            guard all.count < Self.parametersMax else { throw Self.invalid("too many query parameters") }
            let pair = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = Self.decoded(pair[0]), let value = Self.decoded(pair.count > 1 ? pair[1] : "") else {
                throw Self.invalid("the query is not percent-encoded UTF-8")
            }
            all.append((name, value))
        }
        self.all = all
    }

    /// The values of a name, in order; nil when it does not occur.
    package subscript(name: String) -> [String]? {
        let values = all.filter { $0.name == name }.map(\.value)
        return values.isEmpty ? nil : values
    }

    /// The values of a name, repeated or comma-separated, without empty ones; nil when the name does not occur.
    package func list(_ name: String) -> [String]? {
        self[name]?.flatMap { $0.split(separator: ",").map(String.init) }
    }

    /// Refuses every name that is not among these: a typing error must not widen what a call does.
    package func allowOnly(_ names: Set<String>, notYet: Set<String> = []) throws(APIError) {
        for (name, _) in all where !names.contains(name) && name.lowercased() != "qstash_token" {
            if notYet.contains(name) {
                throw APIError(
                    .badRequest,
                    code: "filter_not_supported_yet",
                    message: "the parameter \(name.prefix(64)) is not supported yet by this server"
                )
            }
            throw APIError(.badRequest, code: "parameter_unknown", message: "unknown parameter \(name.prefix(64))")
        }
    }

    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8.makeIterator()
        while let byte = rest.next() {
            switch byte {
            case UInt8(ascii: "+"):
                bytes.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                guard let high = rest.next().flatMap(hexValue), let low = rest.next().flatMap(hexValue) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            default:
                bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func invalid(_ reason: String) -> APIError {
        APIError(.badRequest, code: "query_invalid", message: reason)
    }
}

extension APIRequest {
    /// The query's parameters.
    func parameters() throws(APIError) -> QueryParameters { try QueryParameters(query) }
}
