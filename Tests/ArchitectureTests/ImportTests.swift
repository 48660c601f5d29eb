import Foundation
import Testing

/// The table of docs/ARCHITECTURE.md is the law: no target imports what its row does not name.
@Suite struct ImportTests {
    /// What each target may import, by its name.
    private let allowed: [String: Set<String>]

    init() throws {
        let rows = try Repository.table(in: "docs/ARCHITECTURE.md", below: "## Targets")
        allowed = Dictionary(
            uniqueKeysWithValues: rows.map { row in
                let names = row[2].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                return (row[0], Set(names).subtracting(["–"]))
            }
        )
    }

    @Test func theTableNamesExactlyTheTargetsThereAre() throws {
        let folders = Set(
            try Repository.swiftFiles(below: "Sources").compactMap { $0.split(separator: "/").dropFirst().first }.map(
                String.init
            )
        )
        #expect(folders == Set(allowed.keys))
    }

    @Test func noTargetImportsAgainstTheArchitecture() throws {
        var checked = 0
        for path in try Repository.swiftFiles(below: "Sources") {
            let target = String(path.split(separator: "/")[1])
            let ours = Self.imports(in: try Repository.text(path)).intersection(allowed.keys)
            let forbidden = ours.subtracting(allowed[target] ?? [])
            #expect(forbidden.isEmpty, "\(path) imports \(forbidden.sorted())")
            checked += ours.count
        }
        #expect(checked > 100)
    }

    @Test func packageDependenciesAreThoseOfTheTable() throws {
        let manifest = try Repository.text("Package.swift")
        for (target, names) in allowed {
            let lists = Self.dependencyList(of: target, in: manifest)
            let declared = Set(lists.filter { allowed[$0] != nil })
            #expect(declared == names, "Package.swift and the table differ for \(target)")
        }
    }

    @Test func theArrowsFormNoCircle() {
        for target in allowed.keys {
            var seen: Set<String> = []
            var next = Array(allowed[target] ?? [])
            while let name = next.popLast() {
                guard seen.insert(name).inserted else { continue }
                next += allowed[name] ?? []
            }
            #expect(!seen.contains(target), "\(target) imports itself by way of others")
        }
    }

    @Test(arguments: [
        ("import Foundation", ["Foundation"]),
        ("package import PostriderCore\npublic import NIOCore", ["PostriderCore", "NIOCore"]),
        ("@testable import QStashWire", ["QStashWire"]),
        ("import struct Foundation.Date", ["Foundation"]),
        ("// import Nothing\nlet text = \"import Nothing\"", []),
    ])
    func importsAreReadAsTheCompilerReadsThem(text: String, expected: [String]) {
        #expect(Self.imports(in: text) == Set(expected))
    }

    /// The modules a file imports.
    private static func imports(in text: String) -> Set<String> {
        let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
        var modules: Set<String> = []
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let index = words.firstIndex(of: "import"),
                words[..<index].allSatisfy({
                    $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0)
                })
            else { continue }
            guard let name = words[(index + 1)...].first(where: { !kinds.contains($0) }) else { continue }
            modules.insert(String(name.split(separator: ".").first ?? name))
        }
        return modules
    }

    /// The names in quotation marks of a target's list of dependencies.
    private static func dependencyList(of target: String, in manifest: String) -> [String] {
        let pattern = "(?:library\\(|name:)\\s*\"\(target)\",\\s*(?:dependencies:\\s*)?(\\[[^\\]]*\\])"
        guard let start = manifest.range(of: "\n    targets: ["),
            let match = manifest.range(
                of: pattern,
                options: .regularExpression,
                range: start.upperBound..<manifest.endIndex
            )
        else { return [] }
        let declaration = manifest[match]
        guard let open = declaration.firstIndex(of: "[") else { return [] }
        return declaration[open...].split(separator: "\"").map(String.init)
    }
}
