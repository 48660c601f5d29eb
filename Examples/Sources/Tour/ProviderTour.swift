package import QStash

/// Requests to language models and to a sender of mail.
package enum ProviderTour {
    /// A question in the form of OpenAI's chat completions, which others take too.
    package struct Chat: Codable, Sendable {
        /// One thing said.
        package struct Message: Codable, Sendable {
            /// Who says it.
            package var role: String
            /// What is said.
            package var content: String
        }

        /// Who is asked.
        package var model: String
        /// What was said so far.
        package var messages: [Message]

        /// A question.
        package init(_ question: String, model: String) {
            self.model = model
            self.messages = [Message(role: "user", content: question)]
        }
    }

    /// A mail in the form of Resend's.
    package struct Mail: Codable, Sendable {
        /// Who writes.
        package var from: String
        /// Who reads.
        package var to: [String]
        /// What it is about.
        package var subject: String
        /// What it says.
        package var text: String

        /// A mail.
        package init(from: String, to: [String], subject: String, text: String) {
            self.from = from
            self.to = to
            self.subject = subject
            self.text = text
        }
    }

    /// A question, the answer to which comes to the callback.
    package static func ask(_ client: QStashClient, token: String) async throws {
        try await client.publish(
            .json(Chat("Three names for a cat, please.", model: "gpt-5-mini")),
            through: .openAI(token: token),
            options: PublishOptions(callback: "https://api.example.com/names")
        )
    }

    /// The same of another provider, of a server of one's own, and by way of a gateway that records it.
    package static func others(_ client: QStashClient, token: String, gatewayToken: String) async throws {
        let question = try MessageBody.json(Chat("Three names for a cat, please.", model: "small"))
        let options = PublishOptions(callback: "https://api.example.com/names")
        try await client.publish(question, through: .anthropic(token: token), options: options)
        try await client.publish(
            question,
            through: .custom(baseURL: "https://models.example.com", token: token),
            options: options
        )
        try await client.publish(
            question,
            through: .openAI(token: token, analytics: .helicone(token: gatewayToken)),
            options: options
        )
    }

    /// A mail tomorrow.
    package static func mail(_ client: QStashClient, token: String) async throws {
        try await client.publish(
            .json(
                Mail(
                    from: "shop@example.com",
                    to: ["reader@example.com"],
                    subject: "Your order",
                    text: "It is on its way."
                )
            ),
            through: .resend(token: token),
            options: PublishOptions(delay: .seconds(86_400))
        )
    }
}
