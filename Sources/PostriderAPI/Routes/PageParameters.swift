import HTTPTypes

/// What all lists have in common: count, order and cursor.
enum PageParameters {
    /// - Throws: ``APIError`` with 400 unless the count is a positive number; above the maximum it is the maximum.
    static func count(_ parameters: QueryParameters, default standard: Int, max: Int) throws(APIError) -> Int {
        guard let text = parameters["count"]?.last, !text.isEmpty else { return standard }
        guard let count = Int(text), count > 0 else {
            throw APIError(.badRequest, code: "count_invalid", message: "count is a whole number from 1 to \(max)")
        }
        return min(count, max)
    }

    static func isLatestFirst(_ parameters: QueryParameters, default standard: Bool) throws(APIError) -> Bool {
        switch parameters["order"]?.last {
        case nil, "": return standard
        case "latestFirst": return true
        case "earliestFirst": return false
        default:
            throw APIError(.badRequest, code: "order_invalid", message: "order is latestFirst or earliestFirst")
        }
    }

    /// The cursor; nil when it is absent or empty, as clients send it for the first page.
    static func cursor(_ parameters: QueryParameters) -> String? {
        guard let text = parameters["cursor"]?.last, !text.isEmpty else { return nil }
        return text
    }
}
