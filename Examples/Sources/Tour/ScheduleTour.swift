package import QStash

/// Messages that are published again and again.
package enum ScheduleTour {
    /// A message every night at four, by the clocks of Berlin.
    package static func nightly(_ client: QStashClient) async throws -> ScheduleID {
        let id = try await client.schedules.create(
            ScheduleRequest(
                cron: "CRON_TZ=Europe/Berlin 0 4 * * *",
                to: "https://api.example.com/nightly",
                id: "nightly",
                body: .json(["full": true]),
                options: PublishOptions(retries: 5, labels: ["nightly"])
            )
        )
        return id
    }

    /// A message to a group every ten minutes, through a queue.
    package static func through(_ client: QStashClient) async throws -> ScheduleID {
        let id = try await client.schedules.create(
            ScheduleRequest(cron: "*/10 * * * *", toGroup: "order-watchers", queue: "invoices")
        )
        return id
    }

    /// A schedule that misses what falls due meanwhile.
    package static func pause(_ client: QStashClient) async throws -> Schedule {
        try await client.schedules.pause("nightly")
        let schedule = try await client.schedules.get("nightly")
        try await client.schedules.resume("nightly")
        return schedule
    }

    /// The schedules whose latest messages failed.
    package static func failing(_ client: QStashClient) async throws -> [ScheduleID] {
        var failing: [ScheduleID] = []
        for schedule in try await client.schedules.list() where schedule.lastScheduleStates.values.contains(.fail) {
            failing.append(schedule.id)
        }
        return failing
    }

    /// The end of a schedule.
    package static func delete(_ client: QStashClient) async throws {
        try await client.schedules.delete("nightly")
    }
}
