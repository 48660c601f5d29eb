import Foundation
import Testing

/// Rules of the house that a reader would otherwise have to remember.
@Suite struct HouseRuleTests {
    /// What logic must take from outside: clock, ids, chance, tasks.
    private static let injected: [(pattern: String, instead: String)] = [
        (#"\bDate\(\)|\bDate\.now\b"#, "the injected clock"),
        (#"\bUUID\(\)"#, "the injected keys"),
        (#"\.random\(|SystemRandomNumberGenerator"#, "the injected source of chance"),
        (#"Task\.sleep\("#, "the injected clock"),
        (#"\bTask \{|Task\.detached"#, "a task group"),
        (#"\bprint\("#, "a logger"),
    ]

    /// Connections keep their own time, which is not part of any decision; a product offers this machine's clock and chance to who brings none.
    private static let exempt = [
        "Sources/postrider/", "Sources/PostriderAPI/Server/ConnectionGuard.swift",
        "Sources/PostriderBroker/Deliver/HTTP/", "Sources/PostriderJobs/SystemJobClock.swift",
    ]

    @Test func logicTakesTimeAndChanceFromOutside() throws {
        for path in try Repository.swiftFiles(below: "Sources") where !Self.exempt.contains(where: path.hasPrefix) {
            for (number, line) in try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false)
                .enumerated()
            {
                let code = line.trimmingCharacters(in: .whitespaces)
                guard !code.hasPrefix("//") else { continue }
                for rule in Self.injected {
                    let isBroken = code.range(of: rule.pattern, options: .regularExpression) != nil
                    #expect(!isBroken, "\(path):\(number + 1) must use \(rule.instead)")
                }
            }
        }
    }

    @Test func filesStayReadable() throws {
        for path in try Repository.swiftFiles(below: "Sources") + Repository.swiftFiles(below: "Tests") {
            let count = try Repository.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
            #expect(count <= 400, "\(path) has \(count) lines; look for a seam")
        }
    }

    @Test func everyPageTheReadmeNamesExists() throws {
        let readme = try Repository.text("README.md")
        let links = readme.matches(of: /\]\(([A-Za-z0-9_\/.-]+)(?:#[^)]*)?\)/).map { String($0.1) }
        #expect(!links.isEmpty)
        for link in links where !link.hasPrefix("http") {
            #expect(FileManager.default.fileExists(atPath: Repository.root.appending(path: link).path), "\(link)")
        }
    }
}
