import PostriderAPI
import PostriderBroker
import PostriderCore
import PostriderSimulation

/// The names and secrets of a test's broker, all made of its seed.
struct TestIdentity: Sendable {
    let configuration: TestBrokerEngine.Configuration
    let token: String
    let signingKeys: SigningKeyRecord.Pair

    /// A name that resolves nowhere (RFC 2606).
    static let baseURL = "https://postrider.test"

    private static let tokenCharacters = 24
    private static let keyCharacters = 28

    init(seed: UInt64) {
        // Not the numbers that the broker and the executor draw.
        let random = SeededRandom(seed: ~seed)
        token = "test_" + random.text(count: Self.tokenCharacters)
        signingKeys = SigningKeyRecord.Pair(
            current: "sig_" + random.text(count: Self.keyCharacters),
            next: "sig_" + random.text(count: Self.keyCharacters)
        )
        var configuration = TestBrokerEngine.Configuration(
            seed: random.next(),
            storeID: StoreID(rawValue: random.next()),
            tokens: [TokenTable.Token(account: .standard, secret: token, access: .full)],
            signingKeys: signingKeys
        )
        // A test publishes as much as it likes before it lets anything be delivered.
        configuration.broker.admission.requestsMax = .max
        configuration.broker.admission.requestBytesMax = .max
        configuration.broker.admission.startableMax = .max
        self.configuration = configuration
    }
}
