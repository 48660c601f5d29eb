package import Foundation
package import QStash

/// When a message is delivered.
package enum DelayTour {
    /// After a while.
    package static func delay(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/reminders",
            options: PublishOptions(delay: .seconds(3_600))
        )
    }

    /// At a moment.
    package static func notBefore(_ client: QStashClient, opening: Date) async throws {
        try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/reminders",
            options: PublishOptions(notBefore: opening)
        )
    }
}
