package import QStash

/// Reminds of a basket that was left behind, three days in a row: a part of a program, as a test would take it.
package struct BasketReminders: Sendable {
    /// A basket, and how often its owner has been reminded.
    package struct Basket: Codable, Sendable, Hashable {
        /// Where reminders go.
        package var mail: String
        /// How many have gone out.
        package var reminders = 0

        /// A basket.
        package init(mail: String) {
            self.mail = mail
        }
    }

    /// How many reminders go out.
    private static let remindersMax = 3

    private let client: QStashClient

    /// Reminders by way of a client.
    package init(client: QStashClient) {
        self.client = client
    }

    /// Plans the next reminder of a basket, a day from now.
    package func plan(_ basket: Basket) async throws {
        try await client.publish(
            .json(basket),
            to: "https://shop.example.com/reminders",
            options: PublishOptions(
                delay: .seconds(86_400),
                deduplication: .id("\(basket.mail)-\(basket.reminders)")
            )
        )
    }

    /// What the route of ``plan(_:)`` does: has a mail sent, and plans the next reminder.
    package func remind(_ basket: Basket) async throws {
        var basket = basket
        basket.reminders += 1
        try await client.publish(
            .json(["to": basket.mail, "text": "Reminder \(basket.reminders)"]),
            to: "https://mail.example.com/send",
            options: PublishOptions(retries: 5, deduplication: .id("mail-\(basket.mail)-\(basket.reminders)"))
        )
        if basket.reminders < Self.remindersMax { try await plan(basket) }
    }
}
