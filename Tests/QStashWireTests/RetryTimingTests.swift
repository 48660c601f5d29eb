import QStashWire
import Testing

@Suite struct RetryTimingTests {
    private let now: Int64 = 784_111_777_000

    private func delay(_ headers: [(String, String)]) -> Int64? {
        RetryTiming.delayMilliseconds(
            from: headers.map { HeaderField(name: $0.0, value: $0.1) },
            nowMilliseconds: now
        )
    }

    @Test(
        arguments: [
            ("0", 0), ("10", 10_000), ("6m5s", 365_000), ("1m0.5s", 60_500), ("1.5", 1_500), ("250ms", 250),
            ("1h", 3_600_000),
            ("1ns", 1), ("1us", 1), ("1500µs", 2), ("1500μs", 2), ("1000us", 1), ("0.0001", 1), ("86400", 86_400_000),
            ("24h", 86_400_000), (" 7 ", 7_000), ("8.2", 8_200), ("0.57", 570), ("1.123456789s", 1_124),
            ("Sun, 06 Nov 1994 08:49:47 GMT", 10_000), ("Sun, 06 Nov 1994 08:49:37 GMT", 0),
            ("Sun, 06 Nov 1993 08:49:37 GMT", 0),
        ] as [(String, Int64)]
    )
    func parsableValuesDecide(value: String, milliseconds: Int64) {
        #expect(delay([("Retry-After", value)]) == milliseconds)
    }

    @Test(arguments: [
        "90000", "25h", "soon", "", "-1", "+1", "1.", ".5", "1m5", "5x", "1..2", "1e3", "86400.001", "24h1ms",
        "Mon, 07 Nov 1994 08:49:38 GMT", "1700000000", "99999999999999999999999999", "9223372036854775807h",
        "5 s", String(repeating: "1s", count: 100_000), "1\0",
    ])
    func otherValuesAreIgnored(value: String) {
        #expect(delay([("Retry-After", value)]) == nil)
    }

    @Test func headersComeInTheContractsOrderWhateverTheirCase() {
        let headers = [
            ("x-ratelimit-reset-tokens", "4"), ("X-RateLimit-Reset-Requests", "3"), ("X-RATELIMIT-RESET", "2"),
            ("retry-after", "1"),
        ]
        #expect(delay(headers) == 1_000)
        #expect(delay(Array(headers.dropLast())) == 2_000)
        #expect(delay(Array(headers.dropLast(2))) == 3_000)
        #expect(delay(Array(headers.dropLast(3))) == 4_000)
        #expect(delay([]) == nil)
        #expect(delay([("Retry-After-X", "1")]) == nil)
    }

    @Test func anUnparsableHeaderIsPassedOver() {
        #expect(delay([("Retry-After", "soon"), ("X-RateLimit-Reset", "5")]) == 5_000)
        #expect(delay([("Retry-After", "soon"), ("Retry-After", "3")]) == 3_000)
    }

    @Test func aHeaderAboveADayLeavesTheDecisionToTheBackoff() {
        #expect(delay([("Retry-After", "90000"), ("X-RateLimit-Reset", "5")]) == nil)
    }

    @Test(arguments: [Int64.min, Int64.max])
    func anyClockIsSafe(now: Int64) {
        let header = HeaderField(name: "Retry-After", value: "Fri, 31 Dec 9999 23:59:59 GMT")
        let delay = RetryTiming.delayMilliseconds(from: [header], nowMilliseconds: now)
        #expect(delay == (now == .max ? 0 : nil))
    }
}

@Suite struct DefaultBackoffTests {
    @Test(arguments: [
        (1, 12), (2, 148), (3, 1_808), (4, 22_026), (5, 86_400), (6, 86_400), (.max, 86_400), (0, 12), (.min, 12),
    ])
    func theWaitGrowsToADay(retry: Int, seconds: Int64) {
        #expect(DefaultBackoff.delayMilliseconds(retry: retry) / 1_000 == seconds)
    }
}
