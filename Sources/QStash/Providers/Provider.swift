package import HTTPTypes
import QStashWire

/// A service that messages go to through its own interface: a language model or a sender of mail.
///
/// ```swift
/// try await client.publish(
///     .json(chat),
///     through: .openAI(token: openAIToken),
///     options: PublishOptions(callback: "https://api.example.com/answers")
/// )
/// ```
///
/// The provider's token travels to the server and on to the provider, as a header of the message. A language model answers in the
/// response to the delivery, so that a message through one needs a callback (wire reference, section 4.3).
public struct Provider: Sendable {
    /// The URL that messages go to.
    package let url: String

    /// The header fields that messages carry to it, secrets among them.
    package let headers: HTTPFields

    /// Whether a message without a callback makes no sense, because its answer would be lost.
    package let needsCallback: Bool

    private let name: String

    /// OpenAI's chat completions.
    ///
    /// - Parameters:
    ///   - organization: The value of `OpenAI-Organization`; nil for the token's own.
    ///   - analytics: A gateway that requests pass through; nil for none.
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option.
    public static func openAI(
        token: String,
        organization: String? = nil,
        analytics: Analytics? = nil
    ) throws(QStashError) -> Provider {
        var headers = ProviderHeaders()
        try headers.append("Authorization", secret: token, scheme: "Bearer ", option: "provider.token")
        if let organization {
            try headers.append("OpenAI-Organization", secret: organization, option: "provider.organization")
        }
        return try languageModel("openai", "https://api.openai.com", "/v1/chat/completions", headers, analytics)
    }

    /// Anthropic's messages.
    ///
    /// - Parameter analytics: A gateway that requests pass through; nil for none.
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option.
    public static func anthropic(token: String, analytics: Analytics? = nil) throws(QStashError) -> Provider {
        var headers = ProviderHeaders()
        try headers.append("x-api-key", secret: token, option: "provider.token")
        try headers.append("anthropic-version", value: "2023-06-01", option: "provider")
        return try languageModel("anthropic", "https://api.anthropic.com", "/v1/messages", headers, analytics)
    }

    /// A language model with an interface like OpenAI's.
    ///
    /// - Parameters:
    ///   - baseURL: What stands in front of `/v1/chat/completions`; a URL that ends in that path or in `/chat/completions` is cut there.
    ///     Without user information, query or fragment.
    ///   - analytics: A gateway that requests pass through; nil for none.
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option.
    public static func custom(
        baseURL: String,
        token: String,
        analytics: Analytics? = nil
    ) throws(QStashError) -> Provider {
        var headers = ProviderHeaders()
        try headers.append("Authorization", secret: token, scheme: "Bearer ", option: "provider.token")
        return try languageModel("custom", try base(of: baseURL), "/v1/chat/completions", headers, analytics)
    }

    /// Resend, which sends mail.
    ///
    /// - Parameter isBatch: Whether the body is an array of mails.
    /// - Throws: ``QStashError`` with code `option_invalid`, naming the option.
    public static func resend(token: String, isBatch: Bool = false) throws(QStashError) -> Provider {
        var headers = ProviderHeaders()
        try headers.append("Authorization", secret: token, scheme: "Bearer ", option: "provider.token")
        return Provider(
            url: isBatch ? "https://api.resend.com/emails/batch" : "https://api.resend.com/emails",
            headers: headers.fields,
            needsCallback: false,
            name: "resend"
        )
    }

    private static func languageModel(
        _ name: String,
        _ baseURL: String,
        _ route: String,
        _ headers: ProviderHeaders,
        _ analytics: Analytics?
    ) throws(QStashError) -> Provider {
        guard let analytics else {
            return Provider(url: baseURL + route, headers: headers.fields, needsCallback: true, name: name)
        }
        var headers = headers
        try analytics.append(to: &headers, target: baseURL)
        return Provider(url: analytics.gateway + route, headers: headers.fields, needsCallback: true, name: name)
    }

    /// The URL in front of the route, without a slash at its end.
    private static func base(of text: String) throws(QStashError) -> String {
        var base = text[...]
        while base.hasSuffix("/") { base.removeLast() }
        for route in ["/v1/chat/completions", "/chat/completions"] where base.hasSuffix(route) {
            base.removeLast(route.count)
            break
        }
        while base.hasSuffix("/") { base.removeLast() }
        guard !base.contains("?"), !base.contains("#") else {
            throw QStashError(
                .optionInvalid,
                "the provider's URL must have neither query nor fragment",
                option: "provider.baseURL"
            )
        }
        let url = String(base)
        do throws(WireError) {
            _ = try DestinationURL(parsing: url)
        } catch {
            throw QStashError(.optionInvalid, error.message, option: "provider.baseURL")
        }
        return url
    }
}

extension Provider: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The provider's name; never its token.
    public var description: String { "Provider(\(name))" }

    /// The same text.
    public var debugDescription: String { description }

    /// The name alone, so that a dump does not show the token.
    public var customMirror: Mirror { Mirror(self, children: ["name": name]) }
}
