import HTTPTypes
import InMemoryLogging
import Logging
import QStash
import QStashWire
import Testing

@Suite struct ReceiverEnvironmentTests {
    private static let own = ["QSTASH_CURRENT_SIGNING_KEY": "sig_own1", "QSTASH_NEXT_SIGNING_KEY": "sig_own2"]
    private static let europe = [
        "EU_CENTRAL_1_QSTASH_CURRENT_SIGNING_KEY": "sig_eu1", "EU_CENTRAL_1_QSTASH_NEXT_SIGNING_KEY": "sig_eu2",
    ]
    private static let america = [
        "US_EAST_1_QSTASH_CURRENT_SIGNING_KEY": "sig_us1", "US_EAST_1_QSTASH_NEXT_SIGNING_KEY": "sig_us2",
    ]
    private static let everything = own.merging(europe) { $1 }.merging(america) { $1 }
        .merging(["QSTASH_REGION": "eu-central-1"]) { $1 }

    private let log = InMemoryLogHandler()

    private func receiver(_ environment: [String: String]) throws -> QStashReceiver {
        try QStashReceiver(
            environment: environment,
            now: SignedSample.frozen(at: 1_700_000_100),
            logger: Logger(label: "test") { _ in log }
        )
    }

    private var warnings: [String] {
        log.entries.filter { $0.level == .warning }.map { "\($0.message) \($0.metadata["missing"] ?? "")" }
    }

    /// The names of the keys that a receiver accepts for a region.
    private func accepted(_ receiver: QStashReceiver, region: String?) -> Set<String> {
        let keys = [
            "sig_own1", "sig_own2", "sig_eu1", "sig_eu2", "sig_us1", "sig_us2", SignedSample.currentKey,
            SignedSample.nextKey,
        ]
        return Set(
            keys.filter { key in
                let token = SignedSample.token(key: key)
                return (try? receiver.verify(SignedSample.body, signature: token, region: region)) != nil
            }
        )
    }

    @Test func theOwnPairIsEnough() throws {
        let receiver = try receiver(Self.own)
        #expect(accepted(receiver, region: nil) == ["sig_own1", "sig_own2"])
        #expect(accepted(receiver, region: "US-EAST-1") == ["sig_own1", "sig_own2"])
        #expect(warnings.isEmpty)
    }

    @Test(
        arguments: [
            ("EU-CENTRAL-1", ["sig_eu1", "sig_eu2"]), ("eu_central_1", ["sig_eu1", "sig_eu2"]),
            ("US-EAST-1", ["sig_us1", "sig_us2"]), ("Us_East-1", ["sig_us1", "sig_us2"]),
            ("AP-SOUTH-1", ["sig_own1", "sig_own2"]), ("", ["sig_own1", "sig_own2"]), (nil, ["sig_own1", "sig_own2"]),
            (String(repeating: "US-EAST-1", count: 1_000), ["sig_own1", "sig_own2"]),
        ] as [(String?, Set<String>)]
    )
    func theRegionOfTheRequestChoosesThePair(region: String?, keys: Set<String>) throws {
        let receiver = try receiver(Self.everything)
        #expect(accepted(receiver, region: region) == keys)
        #expect(warnings.isEmpty)
    }

    @Test func theRegionTravelsInAHeader() throws {
        let receiver = try receiver(Self.everything)
        let headers = HTTPFields([
            HTTPField(name: try #require(.init("Upstash-Signature")), value: SignedSample.token(key: "sig_us1")),
            HTTPField(name: try #require(.init("Upstash-Region")), value: "US-EAST-1"),
        ])
        #expect(try receiver.verify(SignedSample.body, headers: headers).key == .current)
    }

    @Test func pairsOfRegionsNeedTheRegionToBeSet() throws {
        let environment = Self.everything.filter { $0.key != "QSTASH_REGION" }
        #expect(accepted(try receiver(environment), region: "US-EAST-1") == ["sig_own1", "sig_own2"])
        #expect(throws: QStashError.self) { try receiver(Self.europe) }
        #expect(throws: QStashError.self) { try receiver(Self.europe.merging(["QSTASH_REGION": ""]) { $1 }) }
    }

    @Test func withoutAnOwnPairARegionMustBeNamed() throws {
        let receiver = try receiver(Self.europe.merging(["QSTASH_REGION": "EU_CENTRAL_1"]) { $1 })
        #expect(accepted(receiver, region: "EU-CENTRAL-1") == ["sig_eu1", "sig_eu2"])
        for region in [nil, "US-EAST-1"] {
            #expect(throws: SignatureVerificationError(.keysMissing)) {
                try receiver.verify(
                    SignedSample.body,
                    signature: SignedSample.token(key: "sig_eu1"),
                    region: region
                )
            }
        }
        #expect(warnings.isEmpty)
    }

    @Test(arguments: ["EU_CENTRAL_1_QSTASH_NEXT_SIGNING_KEY", "US_EAST_1_QSTASH_CURRENT_SIGNING_KEY"])
    func anIncompletePairOfARegionIsPassedOverWithAWarning(missing: String) throws {
        let region = missing.hasPrefix("EU") ? "EU-CENTRAL-1" : "US-EAST-1"
        let receiver = try receiver(Self.everything.merging([missing: ""]) { $1 })
        #expect(accepted(receiver, region: region) == ["sig_own1", "sig_own2"])
        #expect(warnings == ["a pair of signing keys is incomplete and passed over \(missing)"])
    }

    @Test func aRegionWithoutKeysIsWarnedOfWhenItIsTheOwn() throws {
        let environment = Self.own.merging(Self.america) { $1 }
        _ = try receiver(environment.merging(["QSTASH_REGION": "US_EAST_1"]) { $1 })
        #expect(warnings.isEmpty)
        let receiver = try receiver(environment.merging(["QSTASH_REGION": "EU_CENTRAL_1"]) { $1 })
        #expect(accepted(receiver, region: "EU-CENTRAL-1") == ["sig_own1", "sig_own2"])
        #expect(warnings.count == 1)
    }

    @Test func anUnknownRegionIsWarnedOf() throws {
        let receiver = try receiver(Self.everything.merging(["QSTASH_REGION": "MARS"]) { $1 })
        #expect(accepted(receiver, region: "US-EAST-1") == ["sig_us1", "sig_us2"])
        #expect(warnings == ["QSTASH_REGION is neither EU_CENTRAL_1 nor US_EAST_1 "])
    }

    @Test func anIncompleteOwnPairIsNoPair() throws {
        let environment = Self.everything.filter { $0.key != "QSTASH_NEXT_SIGNING_KEY" }
        let receiver = try receiver(environment)
        #expect(accepted(receiver, region: nil).isEmpty)
        #expect(warnings == ["a pair of signing keys is incomplete and passed over QSTASH_NEXT_SIGNING_KEY"])
    }

    @Test(
        arguments: [
            ([:], "QSTASH_CURRENT_SIGNING_KEY"),
            (["QSTASH_CURRENT_SIGNING_KEY": "sig_own1"], "QSTASH_NEXT_SIGNING_KEY"),
            (["QSTASH_NEXT_SIGNING_KEY": "sig_own2"], "QSTASH_CURRENT_SIGNING_KEY"),
            (["QSTASH_CURRENT_SIGNING_KEY": "", "QSTASH_NEXT_SIGNING_KEY": ""], "QSTASH_CURRENT_SIGNING_KEY"),
            (["QSTASH_DEV": "false"], "QSTASH_CURRENT_SIGNING_KEY"),
            (["QSTASH_DEV": ""], "QSTASH_CURRENT_SIGNING_KEY"),
        ] as [([String: String], String)]
    )
    func withoutAPairThereIsNoReceiver(environment: [String: String], option: String) {
        let error = #expect(throws: QStashError.self) { try receiver(environment) }
        #expect(error?.code == .configurationInvalid)
        #expect(error?.option == option)
        #expect(error?.debugDescription.contains("sig_") == false)
    }

    @Test(arguments: ["true", "1"])
    func developmentGoesBeforeEverythingWithAWarning(value: String) throws {
        let receiver = try receiver(Self.everything.merging(["QSTASH_DEV": value]) { $1 })
        #expect(accepted(receiver, region: "US-EAST-1") == [SignedSample.currentKey, SignedSample.nextKey])
        #expect(warnings == ["signatures are verified with the public keys of a development server "])
    }

    @Test func keysDoNotReachTheLog() throws {
        _ = try receiver(Self.everything.merging(["US_EAST_1_QSTASH_NEXT_SIGNING_KEY": ""]) { $1 })
        _ = try receiver(["QSTASH_DEV": "1"])
        #expect(log.entries.count == 2)
        #expect(!log.entries.contains { "\($0.message) \($0.metadata)".contains("sig_") })
    }

    @Test func aNegativeToleranceIsRefused() {
        let error = #expect(throws: QStashError.self) {
            try QStashReceiver(environment: Self.own, clockTolerance: .seconds(-1))
        }
        #expect(error?.option == "clockTolerance")
    }
}
