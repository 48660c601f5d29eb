import CoreMetrics
import Foundation
import PostriderTelemetry
import Testing

/// Everything the registry can write, checked line by line against the text format 0.0.4, and by `promtool` where it is installed.
@Suite struct PrometheusGrammarTests {
    private let registry = PrometheusRegistry(descriptions: ["a.timer": MetricDescription(help: "Takes \\ a while.\n")])

    init() {
        for value in ["", "x", "\"\\\n", "grüße", "{},= #"] {
            Counter(label: "a.thing", dimensions: [("v", value), ("le", value)], factory: registry).increment()
            Timer(label: "a.timer", dimensions: [("v", value)], factory: registry).recordNanoseconds(3_000_000)
        }
        for value in [0, -1.5, 1e-9, 1e300, .infinity, -.infinity, .nan] {
            Meter(label: "meter", dimensions: [("of", "\(value)")], factory: registry).set(value)
        }
        Gauge(label: "a.thing.total", factory: registry).record(1)
        FloatingPointCounter(label: "seconds", factory: registry).increment(by: 0.1)
    }

    @Test func everyLineIsACommentOrASample() throws {
        let name = #"[a-zA-Z_][a-zA-Z0-9_]*"#
        let label = name + #"="(?:[^"\\\n]|\\["\\n])*""#
        let value = #"(?:[+-]?[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?|\+Inf|-Inf|NaN)"#
        let sample = try Regex("\(name)(?:\\{\(label)(?:,\(label))*\\})? \(value)")
        let comment = try Regex("# (?:HELP \(name) .+|TYPE \(name) (?:counter|gauge|histogram))")
        let text = registry.text()
        #expect(text.hasSuffix("\n"))
        for line in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false) {
            #expect(try sample.wholeMatch(in: line) != nil || comment.wholeMatch(in: line) != nil, "\(line)")
        }
    }

    @Test func everyNameHasOneHelpAndOneTypeBeforeItsSamples() {
        var declared: Set<Substring> = []
        for line in registry.text().split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("# TYPE") {
                #expect(declared.insert(words[2]).inserted)
            } else if !line.hasPrefix("#") {
                let name = line.prefix { $0 != "{" && $0 != " " }
                let histogram = ["_bucket", "_sum", "_count"].first { name.hasSuffix($0) }.map {
                    name.dropLast($0.count)
                }
                #expect(declared.contains(name) || declared.contains(histogram ?? name), "\(line)")
            }
        }
    }

    @Test(.enabled(if: promtool != nil, "promtool is not installed"))
    func promtoolFindsNothing() throws {
        let process = Process()
        process.executableURL = promtool
        process.arguments = ["check", "metrics"]
        let input = Pipe()
        let output = Pipe()
        process.standardInput = input
        process.standardOutput = output
        process.standardError = output
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(registry.text().utf8))
        try input.fileHandleForWriting.close()
        let said = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}

private let promtool: URL? = (ProcessInfo.processInfo.environment["PATH"] ?? "")
    .split(separator: ":")
    .map { URL(filePath: "\($0)/promtool") }
    .first { FileManager.default.isExecutableFile(atPath: $0.path) }
