import HTTPTypes
import QStash
import Testing

@Suite struct ProviderTests {
    /// The fields as pairs of name and value, in order.
    private func pairs(_ provider: Provider) -> [[String]] {
        provider.headers.map { [$0.name.rawName, $0.value] }
    }

    @Test func openAIHasATokenAndPerhapsAnOrganization() throws {
        let provider = try Provider.openAI(token: "sk-1")
        #expect(provider.url == "https://api.openai.com/v1/chat/completions")
        #expect(pairs(provider) == [["Authorization", "Bearer sk-1"]])
        #expect(provider.needsCallback)
        let organized = try Provider.openAI(token: "sk-1", organization: "org-7")
        #expect(organized.url == provider.url)
        #expect(pairs(organized) == [["Authorization", "Bearer sk-1"], ["OpenAI-Organization", "org-7"]])
    }

    @Test func anthropicHasAKeyAndAVersion() throws {
        let provider = try Provider.anthropic(token: "sk-2")
        #expect(provider.url == "https://api.anthropic.com/v1/messages")
        #expect(pairs(provider) == [["x-api-key", "sk-2"], ["anthropic-version", "2023-06-01"]])
        #expect(provider.needsCallback)
    }

    @Test(
        arguments: [
            ("https://api.example.com", "https://api.example.com/v1/chat/completions"),
            ("https://api.example.com/", "https://api.example.com/v1/chat/completions"),
            ("https://api.example.com/v1/chat/completions", "https://api.example.com/v1/chat/completions"),
            ("https://api.example.com/v1/chat/completions/", "https://api.example.com/v1/chat/completions"),
            ("https://api.example.com/chat/completions", "https://api.example.com/v1/chat/completions"),
            (
                "https://api.example.com/models/v1/chat/completions",
                "https://api.example.com/models/v1/chat/completions"
            ),
            ("https://api.example.com/v2/chat/completions", "https://api.example.com/v2/v1/chat/completions"),
            (
                "https://api.example.com/chat/completions/x",
                "https://api.example.com/chat/completions/x/v1/chat/completions"
            ),
            ("http://127.0.0.1:11434", "http://127.0.0.1:11434/v1/chat/completions"),
            ("https://[::1]:8443//", "https://[::1]:8443/v1/chat/completions"),
        ]
    )
    func aCustomBaseIsCutAtTheRoute(base: String, url: String) throws {
        let provider = try Provider.custom(baseURL: base, token: "sk-3")
        #expect(provider.url == url)
        #expect(pairs(provider) == [["Authorization", "Bearer sk-3"]])
        #expect(provider.needsCallback)
    }

    @Test(arguments: [(false, "https://api.resend.com/emails"), (true, "https://api.resend.com/emails/batch")])
    func resendTakesOneOrMany(isBatch: Bool, url: String) throws {
        let provider = try Provider.resend(token: "re_1", isBatch: isBatch)
        #expect(provider.url == url)
        #expect(pairs(provider) == [["Authorization", "Bearer re_1"]])
        #expect(!provider.needsCallback)
    }

    @Test func heliconeStandsInFrontOfTheProvider() throws {
        let analytics = Provider.Analytics.helicone(token: "he_1")
        let openAI = try Provider.openAI(token: "sk-1", organization: "org-7", analytics: analytics)
        #expect(openAI.url == "https://gateway.helicone.ai/v1/chat/completions")
        #expect(
            pairs(openAI) == [
                ["Authorization", "Bearer sk-1"], ["OpenAI-Organization", "org-7"],
                ["Helicone-Auth", "Bearer he_1"], ["Helicone-Target-Url", "https://api.openai.com"],
            ]
        )
        let anthropic = try Provider.anthropic(token: "sk-2", analytics: analytics)
        #expect(anthropic.url == "https://gateway.helicone.ai/v1/messages")
        #expect(pairs(anthropic).contains(["Helicone-Target-Url", "https://api.anthropic.com"]))
        let custom = try Provider.custom(
            baseURL: "https://api.example.com/models/v1/chat/completions",
            token: "sk-3",
            analytics: analytics
        )
        #expect(custom.url == "https://gateway.helicone.ai/v1/chat/completions")
        #expect(
            pairs(custom) == [
                ["Authorization", "Bearer sk-3"], ["Helicone-Auth", "Bearer he_1"],
                ["Helicone-Target-Url", "https://api.example.com/models"],
            ]
        )
        #expect(custom.needsCallback)
    }

    @Test(arguments: ["", " ", "sk 1", "sk-1\n", "sk-1\r\nX-Evil: 1", "sk-\u{0}", "sk-\u{E9}", "\u{FEFF}sk-1"])
    func secretsThatAHeaderCannotCarryAreRefused(secret: String) throws {
        let attempts: [(String, () throws -> Provider)] = [
            ("provider.token", { try .openAI(token: secret) }),
            ("provider.organization", { try .openAI(token: "sk-1", organization: secret) }),
            ("provider.analytics.token", { try .openAI(token: "sk-1", analytics: .helicone(token: secret)) }),
            ("provider.token", { try .anthropic(token: secret) }),
            ("provider.token", { try .custom(baseURL: "https://a.test", token: secret) }),
            ("provider.token", { try .resend(token: secret) }),
        ]
        for (option, attempt) in attempts {
            let error = try #require(throws: QStashError.self) { try attempt() }
            #expect(error.code == .optionInvalid)
            #expect(error.option == option)
            #expect(!error.debugDescription.contains("Evil"))
        }
    }

    @Test(arguments: [
        "", "/", "api.example.com", "ftp://api.example.com", "https://", "https:///v1/chat/completions",
        "https://user:s3cr3t@api.example.com", "https://api.example.com?key=s3cr3t", "https://api.example.com/#s3cr3t",
        "https://api.example.com/a b", "https://api.example.com/\r\nX-Evil: 1", "https://api.example.com:0",
        "https://ex\u{E4}mple.com", "https://api.example.com/" + String(repeating: "a", count: 10_000),
    ])
    func aCustomURLThatCannotWorkIsRefused(base: String) throws {
        let error = try #require(throws: QStashError.self) { try Provider.custom(baseURL: base, token: "sk-3") }
        #expect(error.code == .optionInvalid)
        #expect(error.option == "provider.baseURL")
        #expect(!error.debugDescription.contains("s3cr3t"))
    }

    @Test func tokensDoNotReachALog() throws {
        let analytics = Provider.Analytics.helicone(token: "he_s3cr3t")
        let providers: [Provider] = [
            try .openAI(token: "s3cr3t", organization: "s3cr3t", analytics: analytics),
            try .anthropic(token: "s3cr3t"), try .custom(baseURL: "https://a.test", token: "s3cr3t"),
            try .resend(token: "s3cr3t"),
        ]
        var text = "\(analytics) \(String(reflecting: analytics)) "
        dump(analytics, to: &text)
        for provider in providers {
            text += "\(provider) \(String(reflecting: provider)) "
            dump(provider, to: &text)
        }
        #expect(!text.contains("s3cr3t"))
        #expect(text.contains("Provider(openai)"))
        #expect(text.contains("Provider(resend)"))
    }
}
