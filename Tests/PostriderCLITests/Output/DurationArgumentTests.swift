import PostriderCLI
import Testing

@Suite struct DurationArgumentTests {
    @Test(arguments: [
        ("0", Duration.zero), ("90", .seconds(90)), ("90s", .seconds(90)), ("1h30m", .seconds(5_400)),
        ("250ms", .milliseconds(250)), ("1d", .seconds(86_400)), ("1m500ms", .milliseconds(60_500)),
    ])
    func isRead(text: String, expected: Duration) {
        #expect(DurationArgument(argument: text)?.duration == expected)
    }

    @Test(arguments: [
        "", "s", "-1", "+5", "1x", "1.5s", "1 s", "s1", "99999999999999999999", "9223372036854775807d", "5000d",
    ])
    func isRefused(text: String) {
        #expect(DurationArgument(argument: text) == nil)
    }

    @Test(arguments: [
        (Duration.zero, "0 ms"), (.microseconds(12), "12 µs"), (.microseconds(420), "0.4 ms"),
        (.milliseconds(12), "12 ms"),
        (.milliseconds(1_500), "1.5 s"), (.seconds(30), "30 s"), (.seconds(180), "3 min"),
        (.milliseconds(-2_500), "-2.5 s"),
    ])
    func isShownShort(duration: Duration, expected: String) {
        #expect(TimeText.duration(duration) == expected)
    }
}
