import FoundationEssentials
import PostriderCLI
import Testing

@Suite struct JSONOutputTests {
    private struct Sample: Encodable {
        var url = "https://a/b"
        var at = Date(timeIntervalSince1970: 1_725_323_658.779)
        var absent: Int?
        var body: String
    }

    @Test func aDocumentIsOneLineWithSortedNamesAndMilliseconds() throws {
        let line = try JSONOutput.line(Sample(body: "x"))
        #expect(line == #"{"at":1725323658779,"body":"x","url":"https://a/b"}"# + "\n")
    }

    @Test(arguments: [(9.3e18, Int64.max), (-9.3e18, .min), (.infinity, .max), (1.5, 1_500)])
    func timesBeyondTheWireAreTheLastOnesItHas(seconds: Double, milliseconds: Int64) {
        #expect(Date(timeIntervalSince1970: seconds).wireMilliseconds == milliseconds)
    }

    @Test func aTimeBeyondTheCalendarIsStillToldToAPerson() {
        #expect(TimeText.dateAndTime(Date(timeIntervalSince1970: 9.3e18)) == "9999-12-31 23:59:59Z")
        #expect(TimeText.dateAndTime(Date(timeIntervalSince1970: -9.3e18)) == "1970-01-01 00:00:00Z")
    }

    @Test func whatCommandsATerminalIsEscaped() throws {
        let line = try JSONOutput.line(Sample(body: "\u{1B}[1m\u{9B}\u{7F}\u{202E}\u{2028}\u{E0041}é漢\n"))
        #expect(line.contains(#""body":"\u001b[1m\u009b\u007f\u202e\u2028\udb40\udc41é漢\n""#))
        let decoded = try JSONDecoder().decode([String: Value].self, from: Data(line.utf8))
        #expect(decoded["body"]?.text == "\u{1B}[1m\u{9B}\u{7F}\u{202E}\u{2028}\u{E0041}é漢\n")
    }

    private struct Value: Decodable {
        var text: String?

        init(from decoder: any Decoder) throws {
            text = try? decoder.singleValueContainer().decode(String.self)
        }
    }

    @Test(arguments: [
        (Duration.microseconds(1_500), 1.5), (.seconds(2), 2_000), (.zero, 0), (.seconds(-1), -1_000),
    ])
    func durationsAreMilliseconds(duration: Duration, expected: Double) {
        #expect(duration.milliseconds == expected)
    }
}
