package import QStash

/// The messages that the server keeps.
package enum MessageTour {
    /// A message as it is kept.
    package static func get(_ client: QStashClient, _ id: MessageID) async throws -> StoredMessage {
        let message = try await client.messages.get(id)
        return message
    }

    /// A message that is cancelled, unless it is done.
    package static func cancel(_ client: QStashClient, _ id: MessageID) async throws -> Bool {
        do {
            try await client.messages.cancel(id)
            return true
        } catch let error as QStashError where error.code == .notFound {
            return false
        }
    }

    /// Messages that are cancelled, of those given the ones that are not done.
    package static func cancelMany(_ client: QStashClient, _ ids: [MessageID]) async throws -> Int {
        let count = try await client.messages.cancel(ids)
        return count
    }

    /// Messages that are cancelled by what they are: of one label and to one host.
    package static func cancelMatching(_ client: QStashClient) async throws -> Int {
        let count = try await client.messages.cancel(
            matching: MessageFilter(hosts: ["api.example.com"], labels: ["billing"])
        )
        return count
    }

    /// Every message of the account.
    package static func cancelAll(_ client: QStashClient) async throws -> Int {
        let count = try await client.messages.cancelAll()
        return count
    }
}
