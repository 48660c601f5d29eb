import HTTPTypes
import PostriderTestKit
import QStash
import Testing
import Tour

/// Providers are destinations with headers of their own, whose answers come to callbacks.
@Suite struct ProviderTests {
    private let broker = TestBroker()

    @Test func theAnswerOfAModelComesToTheCallback() async throws {
        broker.answer("https://api.openai.com", with: try .json(["names": ["Tom", "Mimi", "Orange"]]))
        try await ProviderTour.ask(broker.client, token: "sk-test")
        try await broker.settle()

        let request = try #require(broker.deliveries(to: "https://api.openai.com/v1/chat/completions").first)
        #expect(request.headers[.authorization] == "Bearer sk-test")
        #expect(try request.decode(as: ProviderTour.Chat.self).messages.map(\.role) == ["user"])

        let callback = try #require(broker.deliveries(to: "https://api.example.com/names").first)
        let payload = try CallbackPayload(decoding: callback.body)
        #expect(try payload.decodeBody(as: [String: [String]].self) == ["names": ["Tom", "Mimi", "Orange"]])
    }

    @Test func everyProviderHasItsOwnURLAndHeaders() async throws {
        try await ProviderTour.others(broker.client, token: "sk-test", gatewayToken: "hc-test")
        try await broker.settle()
        let anthropic = try #require(broker.deliveries(to: "https://api.anthropic.com/v1/messages").first)
        #expect(HTTPField.Name("x-api-key").flatMap { anthropic.headers[$0] } == "sk-test")
        let own = try #require(broker.deliveries(to: "https://models.example.com/v1/chat/completions").first)
        #expect(own.headers[.authorization] == "Bearer sk-test")
        let gateway = try #require(broker.deliveries(to: "https://gateway.helicone.ai/v1/chat/completions").first)
        #expect(HTTPField.Name("Helicone-Auth").flatMap { gateway.headers[$0] } == "Bearer hc-test")
        #expect(broker.deliveries(to: "https://api.example.com/names").count == 3)
    }

    @Test func aMailWaitsForItsDay() async throws {
        try await ProviderTour.mail(broker.client, token: "re-test")
        try await broker.settle()
        let mail = try #require(broker.deliveries(to: "https://api.resend.com/emails").first)
        #expect(mail.elapsed == .seconds(86_400))
        #expect(mail.headers[.authorization] == "Bearer re-test")
        #expect(try mail.decode(as: ProviderTour.Mail.self).subject == "Your order")
    }
}
