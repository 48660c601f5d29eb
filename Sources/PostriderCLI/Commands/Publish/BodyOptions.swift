package import ArgumentParser
import QStash

/// What a message carries: `--body`, `--body-file`, `--content-type`, `--json-body`.
package struct BodyOptions: ParsableArguments {
    @Option(help: .init("The body, as text.", valueName: "text"))
    package var body: String?

    @Option(help: .init("A file with the body; - reads standard input.", valueName: "file"), completion: .file())
    package var bodyFile: String?

    @Option(
        help: .init(
            "The body's content type (text/plain; charset=utf-8 for --body, none for --body-file).",
            valueName: "type"
        )
    )
    package var contentType: String?

    @Flag(help: "The body is JSON: it is checked, and goes out as application/json.")
    package var jsonBody = false

    /// The defaults.
    package init() {}

    /// Two bodies, or JSON without one, are refused.
    package func validate() throws {
        guard body == nil || bodyFile == nil else { throw ValidationError("--body and --body-file exclude each other") }
        if body?.isRepaired == true { throw ValidationError("--body is not UTF-8: use --body-file") }
        if jsonBody, body == nil, bodyFile == nil {
            throw ValidationError("--json-body needs --body or --body-file")
        }
    }

    /// The body with its content type.
    ///
    /// - Throws: ``CommandFailure`` when the file cannot be read, or `--json-body` is not so.
    func messageBody() throws(CommandFailure) -> MessageBody {
        let bytes: [UInt8]
        if let body {
            bytes = Array(body.utf8)
        } else if let bodyFile {
            bytes = try BodySource.read(bodyFile)
        } else {
            bytes = []
        }
        if jsonBody {
            guard JSONCheck.isJSON(bytes) else {
                throw CommandFailure(
                    .dataRefused,
                    code: "body_invalid",
                    "--json-body: the body is not JSON",
                    advice: "nothing was sent; correct the body, or leave --json-body out"
                )
            }
        }
        return .bytes(bytes, contentType: contentType ?? standardContentType)
    }

    private var standardContentType: String? {
        if jsonBody { return "application/json" }
        return body == nil ? nil : "text/plain; charset=utf-8"
    }
}
