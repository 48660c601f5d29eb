import PostriderCore
import QStashWire
import Testing

@Suite struct DeliveryPlannerTests {
    private static let now = Timestamp(milliseconds: 1_700_000_000_999)
    private static let secret = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r"

    private func request(
        _ settings: MessageSettings = MessageSettings(),
        retried: Int = 0,
        body: [UInt8] = Array(#"{"hello":"world"}"#.utf8),
        delivery: DeliveryPlanner.Settings = DeliveryPlanner.Settings()
    ) throws -> DeliveryRequest {
        let message = Message(
            key: MessageKey(rawValue: 100),
            account: .standard,
            destination: try DestinationURL(parsing: "https://example.test/hook?x=1"),
            createdAt: Self.now,
            notBefore: Self.now,
            settings: settings,
            body: .bytes(body)
        )
        return DeliveryPlanner(settings: delivery, store: StoreID(rawValue: 7)).request(
            message: message,
            body: body,
            retried: retried,
            now: Self.now,
            key: try #require(SigningKey(Self.secret)),
            tokenID: "vector1"
        )
    }

    private func value(_ name: String, in request: DeliveryRequest) -> String? {
        request.headers.first { $0.isNamed(name) }?.value
    }

    @Test func theHeadersAreTheContracts() throws {
        let headers = [HeaderField(name: "Content-Type", value: "text/plain"), HeaderField(name: "X-A", value: "1")]
        let request = try request(MessageSettings(headers: headers, retriesMax: 5, callerIP: "203.0.113.9"), retried: 2)
        #expect(
            request.headers.map(\.name) == [
                "User-Agent", "Content-Type", "X-A", "Upstash-Message-Id", "Upstash-Retried", "Postrider-Max-Retries",
                "Upstash-Signature", "Upstash-Caller-Ip", "Upstash-Region",
            ]
        )
        let id = MessageID(key: MessageKey(rawValue: 100), store: StoreID(rawValue: 7)).description
        #expect(value("User-Agent", in: request) == "Upstash-QStash")
        #expect(value("Upstash-Message-Id", in: request) == id)
        #expect(value("Upstash-Retried", in: request) == "2")
        #expect(value("Postrider-Max-Retries", in: request) == "5")
        #expect(value("Upstash-Caller-Ip", in: request) == "203.0.113.9")
        #expect(value("Upstash-Region", in: request) == "EU-CENTRAL-1")
        #expect(request.method == "POST")
        #expect(request.url.text == "https://example.test/hook?x=1")
    }

    @Test func whatWasNotGivenIsNotSent() throws {
        let request = try request()
        #expect(value("Content-Type", in: request) == nil)
        #expect(value("Upstash-Caller-Ip", in: request) == nil)
    }

    @Test func aForwardedUserAgentReplacesOurs() throws {
        let request = try request(MessageSettings(headers: [HeaderField(name: "user-agent", value: "mine")]))
        #expect(request.headers.filter { $0.isNamed("User-Agent") }.map(\.value) == ["mine"])
    }

    @Test func theSignatureIsTheContractsVector() throws {
        let token = try #require(value("Upstash-Signature", in: try request()))
        #expect(
            token
                == "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLnRlc3QvaG9v"
                + "az94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfdmVjdG9yMSIsImJvZHkiOi"
                + "JrNkk1Y2FrVTVlckw4S2pTVVZUTm93bkR3Y2N2dTVrVTFIeGc4OHRvRllnPSJ9.Npw56Y28mE-nHPCEcIj4Nvvoayi4UpNi0PIqqlBeZi0"
        )
    }

    @Test func theSignatureVerifiesForThisBodyAndURLAlone() throws {
        let token = try #require(value("Upstash-Signature", in: try request()))
        let key = try #require(SigningKey(Self.secret))
        func verify(body: String, url: String) throws {
            try MessageSignature.verify(
                token: token,
                body: Array(body.utf8),
                url: url,
                nowSeconds: Self.now.seconds,
                keys: [key]
            )
        }
        #expect(throws: Never.self) { try verify(body: #"{"hello":"world"}"#, url: "https://example.test/hook?x=1") }
        #expect(throws: SignatureError.self) {
            try verify(body: #"{"hello": "world"}"#, url: "https://example.test/hook?x=1")
        }
        #expect(throws: SignatureError.self) {
            try verify(body: #"{"hello":"world"}"#, url: "https://example.test/hook")
        }
    }

    @Test(arguments: [(nil, 900_000), (30, 30_000), (7_200, 7_200_000), (100_000, 7_200_000)] as [(Int64?, Int64)])
    func theTimeoutStaysWithinTheMaximum(seconds: Int64?, milliseconds: Int64) throws {
        #expect(try request(MessageSettings(timeoutSeconds: seconds)).timeoutMilliseconds == milliseconds)
    }

    @Test func theDefaultTimeoutStaysWithinTheMaximumToo() throws {
        var settings = DeliveryPlanner.Settings()
        settings.timeoutDefaultSeconds = 100
        settings.timeoutMaxSeconds = 10
        settings.responseBodyBytesMax = 77
        let request = try request(delivery: settings)
        #expect(request.timeoutMilliseconds == 10_000)
        #expect(request.responseBodyBytesMax == 77)
    }
}
