import Glibc

/// What is said once the server answers: where it listens, where the data is, and a line to try.
struct StartMessage {
    let baseURL: String
    let dataPath: String
    let tokenPath: String
    /// The token, when it may be shown: on a terminal.
    let token: String?
    let isInsecureCertificate: Bool

    var text: String {
        let option = isInsecureCertificate ? " --insecure" : ""
        return """
            Postrider \(Version.text) listens on \(baseURL)
            Data: \(dataPath)
            Token: \(token.map { "\($0) (kept in \(tokenPath))" } ?? "in \(tokenPath)")

            Publish a message (to this server's own health check):
              curl\(option) -X POST '\(baseURL)/v2/publish/\(baseURL)/healthz' -H "Authorization: Bearer $(cat '\(tokenPath)')" \
            -H 'Content-Type: application/json' -d '{"hello":"world"}'

            """
    }
}
