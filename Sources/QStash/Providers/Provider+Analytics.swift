extension Provider {
    /// A gateway between the server and a language model, which records the exchange.
    public struct Analytics: Sendable {
        private let token: String

        /// Where requests go instead of the provider's own host.
        let gateway = "https://gateway.helicone.ai"

        private init(token: String) {
            self.token = token
        }

        /// Helicone.
        ///
        /// - Parameter token: Its own token, checked when the provider is made.
        public static func helicone(token: String) -> Analytics {
            Analytics(token: token)
        }

        /// Adds what the gateway has to know: who asks, and where to send the request on.
        func append(to headers: inout ProviderHeaders, target: String) throws(QStashError) {
            try headers.append("Helicone-Auth", secret: token, scheme: "Bearer ", option: "provider.analytics.token")
            try headers.append("Helicone-Target-Url", value: target, option: "provider.baseURL")
        }
    }
}

extension Provider.Analytics: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The gateway's name; never its token.
    public var description: String { "Analytics(helicone)" }

    /// The same text.
    public var debugDescription: String { description }

    /// The gateway alone, so that a dump does not show the token.
    public var customMirror: Mirror { Mirror(self, children: ["gateway": gateway]) }
}
