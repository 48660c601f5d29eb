import HTTPTypes
import PostriderJobs
import QStash

/// What an application's refusal means for the one at the command line.
enum Refusal {
    /// The failure for an answer that is no success.
    static func failure(_ response: QStashResponse, url: String, hasToken: Bool) -> CommandFailure {
        let body = JSONValue.parse(response.body)
        let reason = body?["reason"]?.string ?? body?["error"]?.string
        let code = body?["error"]?.string.flatMap { isCode($0) ? $0 : nil }
        let text = reason.map { VisibleText.line($0) }
        switch response.head.status.code {
        case 401:
            return CommandFailure(
                .credentials,
                code: code ?? "unauthorized",
                hasToken
                    ? "the application does not take this user's token" : "the application asks for a user's token",
                advice:
                    "give one with --user-token-file or \(ApplicationOptions.tokenVariable); postrider jobs token makes one for trying"
            )
        case 404:
            return CommandFailure(
                .notFound,
                code: code ?? "not_found",
                "there is no such job for this user",
                advice: "check the id, the user and the URL, \(url)"
            )
        case 400:
            return CommandFailure(.dataRefused, code: code ?? "bad_request", text ?? "the application refuses this")
        case 403:
            return CommandFailure(.credentials, code: code ?? "forbidden", text ?? "this user may not do that")
        case 429, 503:
            return CommandFailure(
                .tryLater,
                code: code ?? "overloaded",
                text ?? "the application has no room for this now",
                advice: "try again in a moment"
            )
        case 500...599:
            return CommandFailure(
                .failure,
                code: code ?? "server_failure",
                "the application failed with status \(response.head.status.code)",
                advice: "its log says what happened"
            )
        default:
            return noApplication(url)
        }
    }

    /// The failure when no answer came.
    static func failure(_ error: QStashTransportError) -> CommandFailure {
        CommandFailure(
            .unreachable,
            code: error.isTimeout ? "timed_out" : "unreachable",
            error.detail,
            advice: "check that the application runs and --url is right"
        )
    }

    /// The failure when what answers is something else.
    static func noApplication(_ url: String) -> CommandFailure {
        CommandFailure(
            .failure,
            code: "answer_invalid",
            "what answers at \(url) has no jobs",
            advice: "check --url: it is the application's, not that of a broker elsewhere"
        )
    }

    private static func isCode(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64
            && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }
    }
}
