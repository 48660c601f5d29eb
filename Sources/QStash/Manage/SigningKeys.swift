import HTTPTypes

/// The keys that deliveries are signed with (wire reference, section 19).
public struct SigningKeys: Sendable {
    let client: QStashClient

    /// The keys as they are now.
    public func get() async throws -> SigningKeyPair {
        try await client.perform(APICall(.get, "/v2/keys"), as: SigningKeyPair.self)
    }

    /// Makes the next key the current one, and a new key the next.
    ///
    /// Receivers that know the old pair go on until the next rotation; give them the new pair before. When the answer was lost, ``get()`` says
    /// whether the keys were rotated: the call is never repeated, because a second rotation would lock receivers out.
    ///
    /// - Returns: The new pair.
    public func rotate() async throws -> SigningKeyPair {
        try await client.perform(APICall(.post, "/v2/keys/rotate", repetition: .never), as: SigningKeyPair.self)
    }
}
