import Logging
import PostriderTelemetry
import Synchronization
import Testing

/// Keeps the lines a handler wrote.
private final class Lines: Sendable {
    private let written = Mutex<[String]>([])

    var all: [String] { written.withLock { $0 } }
    var output: LogOutput {
        LogOutput { line in self.written.withLock { $0.append(String(decoding: line, as: UTF8.self)) } }
    }
}

private let noon: @Sendable () -> Int64 = { 1_795_262_581_123 }

private func jsonLogger(_ lines: Lines, at time: @escaping @Sendable () -> Int64 = noon) -> Logger {
    var logger = Logger(label: "postrider.test") {
        JSONLogHandler(label: $0, output: lines.output, millisecondsSince1970: time)
    }
    logger.logLevel = .trace
    return logger
}

private func textLogger(_ lines: Lines, colours: Bool = false) -> Logger {
    Logger(label: "postrider.test") {
        TextLogHandler(label: $0, colours: colours, output: lines.output, millisecondsSince1970: noon)
    }
}

@Suite struct JSONLogHandlerTests {
    @Test func oneEventIsOneObjectOnOneLine() {
        let lines = Lines()
        jsonLogger(lines).info("listening", metadata: ["port": "8080", "host": "::1"])
        let expected =
            #"{"time":"2026-11-21T12:03:01.123Z","level":"info","label":"postrider.test","message":"listening","#
            + #""host":"::1","port":"8080"}"# + "\n"
        #expect(lines.all == [expected])
    }

    @Test(arguments: [
        (0, "1970-01-01T00:00:00.000Z"),
        (951_782_400_000, "2000-02-29T00:00:00.000Z"),
        (951_868_799_999, "2000-02-29T23:59:59.999Z"),
        (4_107_542_400_000, "2100-03-01T00:00:00.000Z"),
        (1_735_689_599_001, "2024-12-31T23:59:59.001Z"),
        (253_402_300_799_999, "9999-12-31T23:59:59.999Z"),
        (Int64.max, "9999-12-31T23:59:59.999Z"),
        (-1, "1970-01-01T00:00:00.000Z"),
    ])
    func timesAreISO8601WithMilliseconds(milliseconds: Int64, expected: String) {
        let lines = Lines()
        jsonLogger(lines, at: { milliseconds }).info("now")
        #expect(lines.all.first?.hasPrefix(#"{"time":"\#(expected)","#) == true)
    }

    @Test func nestedMetadataIsFlattenedAndReservedKeysAreMoved() {
        let lines = Lines()
        jsonLogger(lines).notice("m", metadata: ["level": "9", "a": ["b": ["x", ["c": "y"]]]])
        #expect(lines.all.first?.contains(#""a.b.0":"x","a.b.1.c":"y","metadata.level":"9"}"#) == true)
    }

    @Test func theStatementWinsOverTheLogger() {
        let lines = Lines()
        var logger = jsonLogger(lines)
        logger[metadataKey: "node"] = "1"
        logger[metadataKey: "kept"] = "yes"
        logger.info("m", metadata: ["node": "2"])
        #expect(lines.all.first?.contains(#""kept":"yes","node":"2"}"#) == true)
    }

    @Test(arguments: [
        ("say \"hi\"", #""say \"hi\"""#),
        ("back\\slash", #""back\\slash""#),
        ("two\nlines", #""two\nlines""#),
        ("tab\t\u{1B}[31m\u{7F}", #""tab\u0009\u001b[31m\u007f""#),
        ("grüße 👋", #""grüße 👋""#),
    ])
    func textIsEscaped(value: String, expected: String) {
        let lines = Lines()
        jsonLogger(lines).info("m", metadata: ["v": "\(value)"])
        #expect(lines.all.first?.hasSuffix(#""v":\#(expected)}"# + "\n") == true)
    }

    @Test func longValuesAreCutAtACharacter() {
        let lines = Lines()
        let value = "a" + String(repeating: "ü", count: TelemetryLimits.logValueBytesMax)
        jsonLogger(lines).info("m", metadata: ["v": "\(value)"])
        let kept = "a" + String(repeating: "ü", count: TelemetryLimits.logValueBytesMax / 2 - 1)
        #expect(lines.all.first?.hasSuffix(#""v":"\#(kept)…"}"# + "\n") == true)
    }

    @Test func fieldsAndDepthAreBounded() {
        let lines = Lines()
        var metadata: Logger.Metadata = [:]
        for index in 0..<200 { metadata["k\(index)"] = "v" }
        var deep: Logger.MetadataValue = "end"
        for _ in 0..<1_000 { deep = .array([deep]) }
        metadata["deep"] = deep
        jsonLogger(lines).info("m", metadata: metadata)
        #expect(lines.all.first?.split(separator: "\":\"").count ?? 0 <= 4 + TelemetryLimits.logFieldsMax + 1)
        #expect(lines.all.first?.contains("deep") == false)
    }

    @Test func whatAnErrorSaysIsLogged() {
        struct Broken: Error, CustomStringConvertible {
            let description = "the disk is full"
        }
        let lines = Lines()
        jsonLogger(lines).error("cannot store", error: Broken())
        #expect(lines.all.first?.contains(#""error.message":"the disk is full""#) == true)
    }

    @Test func levelsBelowTheLoggersOwnAreSilent() {
        let lines = Lines()
        var logger = jsonLogger(lines)
        logger.logLevel = .warning
        logger.info("m")
        #expect(lines.all.isEmpty)
    }
}

@Suite struct TextLogHandlerTests {
    @Test func oneEventIsOneLineForPeople() {
        let lines = Lines()
        textLogger(lines).info("listening", metadata: ["port": "8080", "note": "two words", "empty": ""])
        let expected =
            "2026-11-21T12:03:01.123Z INFO     postrider.test: listening "
            + #"empty="" note="two words" port=8080"# + "\n"
        #expect(lines.all == [expected])
    }

    @Test func aValueCannotForgeALineOrSteerTheTerminal() {
        let lines = Lines()
        textLogger(lines).info("got\r\nINFO forged", metadata: ["k\n": "\u{1B}[2J\u{9B}1m"])
        #expect(lines.all.first?.filter { $0 == "\n" || $0 == "\r\n" }.count == 1)
        #expect(lines.all.first?.hasSuffix(#"got\x0d\nINFO forged k\n=\x1b[2J\x9b1m"# + "\n") == true)
    }

    @Test(arguments: [true, false])
    func coloursAppearOnlyWhenAskedFor(colours: Bool) {
        let lines = Lines()
        textLogger(lines, colours: colours).warning("m", metadata: ["k": "v"])
        #expect(lines.all.first?.contains("\u{1B}[33m") == colours)
        #expect(lines.all.first?.contains("\u{1B}") == colours)
    }
}
