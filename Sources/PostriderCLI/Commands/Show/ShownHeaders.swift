import HTTPTypes

/// Header fields as they may be shown: values that let a reader act as somebody else are not.
enum ShownHeaders {
    private static let hidden: Set<String> = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key", "upstash-signature",
    ]

    /// Names that people give to headers with credentials have these in them.
    private static let hiddenParts = ["token", "secret", "password", "api-key"]

    private static let placeholder = "(hidden)"

    /// The value of a field.
    static func value(of field: HTTPField) -> String {
        isHidden(field.name.canonicalName) ? placeholder : field.value
    }

    private static func isHidden(_ name: String) -> Bool {
        hidden.contains(name) || hiddenParts.contains { name.contains($0) }
    }

    /// The fields in the form of the wire: names with their values in order; nil for none.
    static func map(of fields: HTTPFields) -> [String: [String]]? {
        guard !fields.isEmpty else { return nil }
        var map: [String: [String]] = [:]
        for field in fields { map[field.name.rawName, default: []].append(value(of: field)) }
        return map
    }
}
