/// The server and token that the environment asks for (wire reference, sections 24.2 and 25).
struct ServerCredentials: Sendable, Equatable {
    /// The token of a development server's first user, which the protocol's documentation publishes.
    static let developmentToken = "eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0="

    var baseURL: String
    var token: String
    /// The variables that gave them, for errors.
    var urlVariable = "QSTASH_URL"
    var tokenVariable = "QSTASH_TOKEN"
    /// What was passed over, for the log; never a secret.
    var warning: String?

    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the variable that is missing or wrong.
    init(environment: [String: String]) throws(QStashError) {
        if environment["QSTASH_DEV"].map(Self.isTrue) == true {
            let port = Self.value("QSTASH_DEV_PORT", environment) ?? "8080"
            guard let number = UInt16(port), number > 0 else {
                throw QStashError(.configurationInvalid, "QSTASH_DEV_PORT is not a port", option: "QSTASH_DEV_PORT")
            }
            baseURL = "http://127.0.0.1:\(number)"
            token = Self.developmentToken
            return
        }
        if let text = Self.value("QSTASH_REGION", environment) {
            if let region = QStashRegion(name: text) {
                if let url = Self.value("\(region.variablePrefix)_QSTASH_URL", environment),
                    let token = Self.value("\(region.variablePrefix)_QSTASH_TOKEN", environment)
                {
                    self.baseURL = url
                    self.token = token
                    self.urlVariable = "\(region.variablePrefix)_QSTASH_URL"
                    self.tokenVariable = "\(region.variablePrefix)_QSTASH_TOKEN"
                    return
                }
                warning =
                    "QSTASH_REGION is set, but \(region.variablePrefix)_QSTASH_URL and _QSTASH_TOKEN are not both: using QSTASH_URL and QSTASH_TOKEN"
            } else {
                warning = "QSTASH_REGION is neither EU_CENTRAL_1 nor US_EAST_1: using QSTASH_URL and QSTASH_TOKEN"
            }
        }
        guard let token = Self.value("QSTASH_TOKEN", environment) else {
            throw QStashError(.configurationInvalid, "QSTASH_TOKEN is not set", option: "QSTASH_TOKEN")
        }
        self.baseURL = Self.value("QSTASH_URL", environment) ?? QStashClient.cloudURL
        self.token = token
    }

    static func isTrue(_ text: String) -> Bool { text == "1" || text.lowercased() == "true" }

    /// An empty variable counts as none.
    private static func value(_ name: String, _ environment: [String: String]) -> String? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        return text
    }
}
