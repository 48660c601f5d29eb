package import QStash

/// The keys that deliveries are signed with.
package enum SigningKeyTour {
    /// A receiver with the keys that the server tells.
    package static func receiver(_ client: QStashClient) async throws -> QStashReceiver {
        let keys = try await client.signingKeys.get()
        let receiver = try QStashReceiver(currentSigningKey: keys.current, nextSigningKey: keys.next)
        return receiver
    }

    /// The next key becomes the current one.
    package static func rotate(_ client: QStashClient) async throws -> SigningKeyPair {
        let keys = try await client.signingKeys.rotate()
        return keys
    }
}
