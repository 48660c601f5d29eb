package import Foundation
package import QStash

/// The log of what happened to messages.
package enum EventTour {
    /// The story of one message, from its beginning.
    package static func story(_ client: QStashClient, of id: MessageID) async throws -> [Event.State] {
        var story: [Event.State] = []
        for try await event in client.events.all(matching: EventFilter(messageIDs: [id]), order: .earliestFirst) {
            story.append(event.state)
        }
        return story
    }

    /// Why attempts failed.
    package static func errors(_ client: QStashClient, of id: MessageID) async throws -> [String] {
        var errors: [String] = []
        for try await event in client.events.all(matching: EventFilter(messageIDs: [id], states: [.error])) {
            errors.append(event.responseStatus.map { "status \($0)" } ?? event.error ?? "no answer")
        }
        return errors
    }

    /// One page of the latest events, and where the next begins.
    package static func page(_ client: QStashClient) async throws -> [Event] {
        let page = try await client.events.page(countMax: 2)
        var events = page.elements
        if let next = page.next {
            events += try await client.events.page(countMax: 2, after: next).elements
        }
        return events
    }

    /// What went wrong at two hosts since a moment.
    package static func since(_ client: QStashClient, moment: Date) async throws -> [Event] {
        let filter = EventFilter(
            states: [.error, .failed],
            hosts: ["api.example.com", "billing.example.com"],
            from: moment
        )
        var events: [Event] = []
        for try await event in client.events.all(matching: filter, pageSize: 1_000) {
            events.append(event)
        }
        return events
    }
}
