import Testing

/// docs/TELEMETRY.md names everything that the handler framework tells.
@Suite struct TelemetryTests {
    private static let page = "docs/TELEMETRY.md"

    @Test(arguments: [
        "Sources/PostriderJobs/Telemetry/TelemetryNames.swift",
        "Sources/PostriderJobs/Webhooks/WebhookEndpoint+telemetry.swift",
    ])
    func everyNameInUseStandsOnThePage(file: String) throws {
        let page = try Repository.text(Self.page)
        let sources = try Repository.swiftFiles(below: "Sources/PostriderJobs").map { try Repository.text($0) }.joined()
        var count = 0
        for name in try Repository.text(file).matches(of: /static let (\w+) = "([^"]+)"/) {
            guard sources.contains("Attribute.\(name.1)") || sources.contains("Event.\(name.1)") else { continue }
            count += 1
            #expect(page.contains("`\(name.2)`"), "\(Self.page) does not name \(name.2)")
        }
        #expect(count > 15)
    }

    @Test(arguments: [
        "PostriderJobs", "PostriderJobsSQL", "PostriderSQL", "PostriderPostgres", "PostriderJobsHummingbird",
    ])
    func everyLineOfTheLogStandsOnThePage(target: String) throws {
        let page = try Repository.text(Self.page)
        for path in try Repository.swiftFiles(below: "Sources/\(target)") {
            let text = try Repository.text(path)
            for line in text.matches(of: /logger\.(?:debug|info|notice|warning|error)\(\s*"([^"\\]+)"/) {
                #expect(page.contains("`\(line.1)`"), "\(Self.page) does not have the message of \(path): \(line.1)")
            }
        }
    }
}
