import Foundation
import HTTPTypes
import QStash
import Testing

/// Queues, schedules, URL groups, flow control and keys against the recorded exchanges (wire reference, sections 15 to 19).
@Suite struct ManageExchangeTests {
    @Test(arguments: cases)
    func callMakesTheRecordedExchange(_ exchange: ExchangeCase) async throws {
        try await exchange.play()
    }

    static let cases: [ExchangeCase] = [
        ExchangeCase("queue-upsert-paused") { client in
            try await client.queues["orders"].upsert(isPaused: true)
        },
        ExchangeCase("schedule-create-every-option") { client in
            let id = try await client.schedules.create(
                ScheduleRequest(
                    cron: "CRON_TZ=Europe/Berlin 0 4 * * *",
                    to: Sample.hook,
                    id: "nightly",
                    body: .text("full", contentType: "text/plain"),
                    options: Sample.scheduleOptions
                )
            )
            #expect(id == "nightly")
        },
        ExchangeCase("schedule-create-queued") { client in
            let id = try await client.schedules.create(
                ScheduleRequest(
                    cron: "0 4 * * 1-5",
                    toGroup: "my-group",
                    queue: "nightly",
                    body: .json(["full": true])
                )
            )
            #expect(id == "scd_2")
        },
        ExchangeCase("url-group-default-headers") { client in
            let headers = Sample.fields(["Upstash-Header-Forward": "true", "Upstash-Retries": "3"])
            try await client.urlGroups.setDefaultHeaders(headers, of: "my-group")
        },
        ExchangeCase("flow-control-list") { client in
            let keys = try await client.flowControl.list(search: "tenant")
            #expect(keys.map(\.key) == ["tenant-7", "tenant-8"])
            #expect(keys.map(\.isPaused) == [false, true])
        },
        ExchangeCase("flow-control-get-sparse") { client in
            let key = try await client.flowControl.get("tenant-7")
            #expect(key.parallelismMax == 2 && key.rateMax == 0 && key.waitListSize == 0)
            #expect(key.ratePeriod == .zero && key.ratePeriodStart == nil && !key.isPaused)
        },
    ]
}
