import Foundation
import Testing

/// The Swift code of the README and of the documentation is code that is compiled and run: it stands in `Examples`, line by line.
@Suite struct ExampleTests {
    /// The pages with code.
    private static let pages: [String] = {
        let modules = [
            "QStash", "PostriderJobs", "PostriderJobsHummingbird", "PostriderSQL", "PostriderJobsSQL",
            "PostriderJobsConformance", "PostriderTestKit",
        ]
        let articles = modules.flatMap { Repository.files(below: "Sources/\($0)/\($0).docc", withExtension: "md") }
        return ["README.md", "docs/JOBS.md", "docs/WEBHOOKS.md", "docs/DATABASE.md"] + articles
    }()

    @Test(arguments: pages)
    func everySwiftBlockStandsInTheExamples(page: String) throws {
        let sources = try CodeIndex(files: Self.exampleFiles().map { try Repository.text($0) })
        for block in CodeBlock.swiftBlocks(of: try Repository.text(page)) {
            #expect(sources.contains(block.lines), "\(page):\(block.line) is not found in Examples")
        }
    }

    @Test func thePagesOfTheDocumentationHaveCode() throws {
        let counts = try Self.pages.map { CodeBlock.swiftBlocks(of: try Repository.text($0)).count }
        #expect(counts.reduce(0, +) > 150)
        #expect(Self.pages.count > 30)
    }

    @Test func everyPartOfTheTourIsRunByATest() throws {
        let tests = try Repository.swiftFiles(below: "Examples/Tests").map { try Repository.text($0) }.joined()
        var count = 0
        for path in try Repository.swiftFiles(below: "Examples/Sources/Tour") where path.hasSuffix("Tour.swift") {
            let type = URL(filePath: path).deletingPathExtension().lastPathComponent
            for function in try Repository.text(path).matches(of: /package static func (\w+)/) {
                count += 1
                #expect(tests.contains("\(type).\(function.1)("), "no test calls \(type).\(function.1)")
            }
        }
        #expect(count > 90)
    }

    @Test func aBlockIsFoundAtAnyDepthAndOnlyAsAWhole() {
        let file = "func f() {\n    if a {\n        b()\n\n        c()\n    }\n}\n"
        let index = CodeIndex(files: [file])
        #expect(index.contains(["if a {", "    b()", "", "    c()", "}"]))
        #expect(index.contains(["        b()", "", "        c()"]))
        #expect(!index.contains(["if a {", "b()", "", "c()", "}"]))
        #expect(!index.contains(["b()", "c()"]))
        #expect(!index.contains(["b()", "", "d()"]))
        #expect(!index.contains([]))
    }

    @Test func onlySwiftBlocksAreTaken() {
        let page = "text\n```swift\na()\n```\n```sh\nb\n```\n  ```swift\n  c()\n  ```\n"
        #expect(
            CodeBlock.swiftBlocks(of: page) == [
                CodeBlock(line: 2, lines: ["a()"]), CodeBlock(line: 8, lines: ["  c()"]),
            ]
        )
    }

    private static func exampleFiles() throws -> [String] {
        try Repository.swiftFiles(below: "Examples/Sources") + Repository.swiftFiles(below: "Examples/Tests")
    }
}

/// A block of code between fences.
private struct CodeBlock: Equatable {
    /// The line of the opening fence, from 1.
    var line: Int
    var lines: [String]

    static func swiftBlocks(of page: String) -> [CodeBlock] {
        var blocks: [CodeBlock] = []
        var open: (block: CodeBlock, isSwift: Bool)?
        for (index, line) in page.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let trimmed = line.trimmingCharacters(in: .whitespaces)
            if let (block, isSwift) = open {
                if trimmed == "```" {
                    if isSwift { blocks.append(block) }
                    open = nil
                } else {
                    open?.block.lines.append(String(line))
                }
            } else if trimmed.hasPrefix("```") {
                open = (CodeBlock(line: index + 1, lines: []), trimmed == "```swift")
            }
        }
        return blocks
    }
}

/// Finds lines of code in files, whatever the depth of either.
private struct CodeIndex {
    private let files: [[String]]
    /// Where a line stands, by its text without indentation.
    private var places: [String: [(file: Int, line: Int)]] = [:]

    init(files texts: [String]) {
        files = texts.map { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
        for (file, lines) in files.enumerated() {
            for (line, text) in lines.enumerated() {
                places[text.trimmingCharacters(in: .whitespaces), default: []].append((file, line))
            }
        }
    }

    func contains(_ block: [String]) -> Bool {
        guard let first = block.first else { return false }
        let wanted = Self.withoutCommonIndentation(block[...])
        return places[first.trimmingCharacters(in: .whitespaces), default: []].contains { place in
            let lines = files[place.file][place.line...].prefix(block.count)
            return Self.withoutCommonIndentation(lines) == wanted
        }
    }

    private static func withoutCommonIndentation(_ lines: ArraySlice<String>) -> [String] {
        let depth = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { String($0.dropFirst(depth)) }
    }
}

extension Repository {
    /// The files with an extension below a folder, by path relative to the root.
    fileprivate static func files(below folder: String, withExtension wanted: String) -> [String] {
        let enumerator = FileManager.default.enumerator(
            at: root.appending(path: folder),
            includingPropertiesForKeys: nil
        )
        var paths: [String] = []
        while let url = enumerator?.nextObject() as? URL {
            if url.pathExtension == wanted { paths.append(String(url.path.dropFirst(root.path.count + 1))) }
        }
        return paths.sorted()
    }
}
