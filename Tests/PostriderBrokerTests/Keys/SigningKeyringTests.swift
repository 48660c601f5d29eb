import PostriderCore
import PostriderSimulation
import QStashWire
import Testing

@testable import PostriderBroker

@Suite struct SigningKeyringTests {
    private typealias Pair = SigningKeyRecord.Pair

    private let store = MemoryStore(storeID: StoreID(rawValue: 7))
    private let random = SeededRandom(seed: 3)

    /// A process that opens the store.
    private func keyring() -> SigningKeyring { SigningKeyring(store: store, random: random) }

    @Test func keysAreMadeOnceAndKept() async throws {
        let pair = try await keyring().pair(of: .standard)
        #expect(pair.current != pair.next)
        #expect(pair.current.hasPrefix("sig_") && pair.current.count == 32)
        #expect(try await keyring().pair(of: .standard) == pair)
    }

    @Test func accountsHaveKeysOfTheirOwn() async throws {
        let keyring = keyring()
        let other = try await keyring.pair(of: Account(name: "other"))
        #expect(try await keyring.pair(of: .standard) != other)
        _ = try await keyring.rotate(.standard)
        #expect(try await keyring.pair(of: Account(name: "other")) == other)
    }

    @Test func theEnvironmentsPairIsTakenAndARotationOutlivesIt() async throws {
        let seed = Pair(current: "sig_a", next: "sig_b")
        #expect(try await keyring().seed(.standard, with: seed) == false)
        #expect(try await keyring().pair(of: .standard) == seed)
        let rotated = try await keyring().rotate(.standard)
        #expect(rotated.current == "sig_b")
        // The same environment at the next start changes nothing, and neither does none.
        #expect(try await keyring().seed(.standard, with: seed) == false)
        #expect(try await keyring().seed(.standard, with: nil) == false)
        #expect(try await keyring().pair(of: .standard) == rotated)
        let changed = Pair(current: "sig_c", next: "sig_d")
        #expect(try await keyring().seed(.standard, with: changed))
        #expect(try await keyring().pair(of: .standard) == changed)
    }

    @Test func deliveriesAreSignedWithTheCurrentKeyAtOnce() async throws {
        let keyring = keyring()
        let before = try await keyring.pair(of: .standard)
        _ = try await keyring.rotate(.standard)
        let key = try await keyring.signingKey(of: .standard)
        let token = MessageSignature.sign(
            body: [],
            url: "https://one.test/",
            issuedAtSeconds: 0,
            tokenID: "jwt_1",
            key: key
        )
        let next = try #require(SigningKey(before.next))
        #expect(throws: Never.self) {
            try MessageSignature.verify(token: token, body: [], url: "https://one.test/", nowSeconds: 0, keys: [next])
        }
    }

    @Test func whatCannotBeStoredIsNotInForce() async throws {
        let faulty = FaultyStore(store)
        let keyring = SigningKeyring(store: faulty, random: random)
        let before = try await keyring.pair(of: .standard)
        faulty.fail(.beforeWrite(.updateSigningKeys, call: faulty.callCount(.updateSigningKeys) + 1))
        await #expect(throws: StoreError.self) { _ = try await keyring.rotate(.standard) }
        #expect(try await keyring.pair(of: .standard) == before)
    }

    @Test func anEmptyKeyIsRefused() async throws {
        let error = await #expect(throws: StoreError.self) {
            _ = try await keyring().seed(.standard, with: Pair(current: "", next: "sig_b"))
        }
        #expect(error?.code == .unreadable)
    }
}
