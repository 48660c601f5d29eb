import Foundation
import Testing

@testable import postrider

/// The configuration table of docs/OPERATIONS.md says what the program does.
@Suite struct OperationsTableTests {
    private let rows: [[String]]

    init() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let page = try String(contentsOf: root.appending(path: "docs/OPERATIONS.md"), encoding: .utf8)
        let lines = page.split(separator: "\n", omittingEmptySubsequences: false)
        let table = lines.drop { !$0.hasPrefix("| Key |") }.prefix { $0.hasPrefix("|") }.dropFirst(2)
        rows = table.map { row in
            row.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false).map { cell in
                cell.trimmingCharacters(in: .whitespaces)
            }
        }
    }

    @Test func everySettingHasItsRowInOrder() {
        #expect(rows.map { $0[0] } == Setting.all.map { "`\($0.key)`" })
        #expect(rows.map { $0[1] } == Setting.all.map { "`\($0.variable)`" })
    }

    @Test func unitsAndDefaultsAreThoseOfTheCode() {
        for (row, setting) in zip(rows, Setting.all) {
            #expect(row[3] == (setting.unit.isEmpty ? "–" : setting.unit), "\(setting.key)")
            #expect(row[4] == (setting.standard.isEmpty ? "–" : "`\(setting.standard)`"), "\(setting.key)")
            #expect(row[5].hasPrefix(setting.help.prefix(20)), "\(setting.key)")
        }
    }

    @Test func everyDefaultPassesItsOwnCheck() throws {
        let values = try SettingValues(flags: [:], environment: [:], file: nil)
        for setting in Setting.all {
            let text = values.text(setting.key) ?? ""
            #expect(text == setting.standard)
            guard !text.isEmpty, !setting.isSecret else { continue }
            _ = try SettingValues(flags: [setting.key: text], environment: [:], file: nil)
        }
        _ = try ServePlan(values)
    }
}
