import HTTPTypes

extension HTTPField.Name {
    // These texts are valid field names; the initialiser only fails for others.
    static let forwarded = named("Forwarded")
    static let via = named("Via")
    static let xForwardedFor = named("X-Forwarded-For")

    private static func named(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
