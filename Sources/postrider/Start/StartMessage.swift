import Glibc

/// What is said once the server answers: where it listens, where the data is, and a line to try.
struct StartMessage {
    let baseURL: String
    let dataPath: String
    let tokenPath: String
    /// The development profile's token, which is no secret.
    let publicToken: String?
    let isInsecureCertificate: Bool

    var text: String {
        let option = isInsecureCertificate ? " --insecure" : ""
        return """
            Postrider \(Version.text) listens on \(baseURL)
            Data: \(dataPath)
            Token: \(publicToken.map { "\($0) (public, for development only)" } ?? "in \(tokenPath)")

            Publish a message (to this server's own health check):
              curl\(option) -X POST '\(baseURL)/v2/publish/\(baseURL)/healthz' -H "Authorization: Bearer $(cat '\(tokenPath)')" \
            -H 'Content-Type: application/json' -d '{"hello":"world"}'

            """
    }
}
