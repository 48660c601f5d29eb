import ArgumentParser
package import FoundationEssentials
package import QStash

/// What is told about an error on standard error: what happened, its codes, what to do.
package struct ErrorReport: Sendable, Hashable {
    /// The most of a message that is shown, in columns.
    private static let messageColumnsMax = 1_000

    /// How the command ends.
    package var exitStatus: ExitStatus
    /// A stable name for programs.
    package var code: String
    /// What happened; of a server's refusal the server's own text.
    package var message: String
    /// What to do; nil when there is nothing to say.
    package var advice: String?
    /// The HTTP status of the server's answer.
    package var status: Int?
    /// The code that the server gave.
    package var serverCode: String?
    /// The option that was refused.
    package var option: String?
    /// When calls are allowed again.
    package var resetsAt: Date?
    /// How many things were done before; nil when the command does one thing.
    package var done: Int?
    /// What was done before, in words.
    private var beginning: String?

    /// What is told about any error.
    package init(_ error: any Error) {
        switch error {
        case let error as PartialFailure:
            self.init(error.error)
            done = error.done
            beginning = "\(error.verb) \(error.done) of \(error.total) before this went wrong"
        case let error as QStashError:
            self.init(error)
        case let error as CommandFailure:
            self.init(error.status, code: error.code, message: error.message, advice: error.advice)
        case let error as SignatureVerificationError:
            self.init(.checkFailed, code: "\(error.code)", message: "the signature was refused")
        case let error as ValidationError:
            self.init(.usage, code: "usage", message: error.message)
        case is CancellationError:
            self.init(.failure, code: "cancelled", message: "stopped before the end")
        default:
            self.init(.failure, code: "internal_error", message: "\(error)")
        }
    }

    /// What is told about an error of the client.
    package init(_ error: QStashError) {
        self.init(
            ExitStatus(error.code),
            code: "\(error.code)",
            message: error.detail,
            advice: Self.advice(on: error.code)
        )
        status = error.status
        serverCode = error.serverCode
        option = error.option
        resetsAt = error.rateLimit?.resetsAt
    }

    private init(_ exitStatus: ExitStatus, code: String, message: String, advice: String? = nil) {
        self.exitStatus = exitStatus
        self.code = code
        self.message = message
        self.advice = advice
    }

    /// The report for a person; ends in a newline.
    package var text: String {
        let message = DisplayWidth.cut(VisibleText.line(message), to: Self.messageColumnsMax)
        var text = beginning.map { "\($0):\n" } ?? ""
        text += "error: \(message)\n"
        var facts = [code]
        if let status { facts.append("status \(status)") }
        if let serverCode, serverCode != code { facts.append("server's code \(VisibleText.line(serverCode))") }
        if let option { facts.append("option \(VisibleText.line(option))") }
        if let resetsAt { facts.append("allowed again at \(TimeText.dateAndTime(resetsAt))") }
        text += "  \(facts.joined(separator: ", "))\n"
        if let advice { text += "  what to do: \(advice)\n" }
        return text
    }

    private static func advice(on code: QStashError.Code) -> String? {
        switch code {
        case .optionInvalid, .identifierEmpty, .listEmpty: "nothing was sent; correct what is named above"
        case .filterEmpty: "nothing was sent; give a condition, or ask for everything in so many words"
        case .configurationInvalid:
            "set QSTASH_TOKEN and QSTASH_URL, or give --url and --token-file; postrider doctor says what is found"
        case .badRequest: "correct what the server names"
        case .unauthorized: "the token does not fit this server; postrider doctor says which one is used and from where"
        case .forbidden: "use a token with full access"
        case .notFound: "it may have ended and been forgotten, or belong to another server or account"
        case .conflict: "look at its state, and try again when that has changed"
        case .quotaExceeded: "ask for less, or have the limit raised in the server's configuration or plan"
        case .tooLarge: "send less, or pass a reference to where the data is"
        case .dailyLimit: "wait for the next day, or have the limit raised"
        case .burstLimit, .chatLimit: "try again in a moment"
        case .overloaded: "try again later; look with postrider events whether anything was taken"
        case .serverFailure: "try again later; the server's log says what happened"
        case .answerInvalid:
            "check the URL: what answers there does not speak the protocol; postrider doctor looks closer"
        case .unreachable: "check that the server runs and the URL is right; postrider doctor looks closer"
        case .timedOut: "check the way to the server; what was asked may have been done all the same"
        default: nil
        }
    }
}

extension ErrorReport: Encodable {
    private enum OuterKeys: String, CodingKey {
        case error
    }

    private enum CodingKeys: String, CodingKey {
        case advice, code, done, exitStatus, message, option, resetsAt, serverCode, status
    }

    /// Writes `{"error":{…}}`.
    package func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: OuterKeys.self)
        var container = outer.nestedContainer(keyedBy: CodingKeys.self, forKey: .error)
        try container.encode(code, forKey: .code)
        try container.encode(message, forKey: .message)
        try container.encode(exitStatus.rawValue, forKey: .exitStatus)
        try container.encodeIfPresent(advice, forKey: .advice)
        try container.encodeIfPresent(done, forKey: .done)
        try container.encodeIfPresent(status, forKey: .status)
        try container.encodeIfPresent(serverCode, forKey: .serverCode)
        try container.encodeIfPresent(option, forKey: .option)
        try container.encodeIfPresent(resetsAt, forKey: .resetsAt)
    }
}
