package import ArgumentParser
import QStash

/// `postrider dlq list`: the latest dead letters, the newest last.
package struct DLQListCommand: AsyncParsableCommand {
    private static let countMax = 10_000
    private static let pageSize = 100

    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Lists dead letters, the newest last."
    )

    @Option(help: "How many of the latest are listed.")
    var count = 20

    @OptionGroup(title: "Conditions") var filter: DeadLetterFilterOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Refuses a count that cannot be.
    package func validate() throws {
        guard (1...Self.countMax).contains(count) else { throw ValidationError("--count is 1 to \(Self.countMax)") }
    }

    /// Lists the entries.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let found = try await FlagNames.translating { try await latest(with: client) }
            context.output.write(text(of: found.rows, in: context))
            if found.rows.isEmpty, !output.isJSON { try context.remark("no dead letters", isJSON: output.isJSON) }
            if found.hasMore { try context.remark("there are more: --count shows more of them", isJSON: output.isJSON) }
        }
    }

    private func text(of rows: [Row], in context: CommandContext) -> String {
        if output.isJSON { return rows.map(\.json).joined() }
        guard !rows.isEmpty else { return "" }
        var table = Table([
            .init("DEAD LETTER", isWhole: true), .init("STATUS", .trailing), .init("CREATED"), .init("MESSAGE"),
            .init("URL"),
        ])
        for row in rows { table.append(row.cells) }
        return table.text(width: context.terminal?.columns, style: output.style(in: context))
    }

    /// What is kept of an entry: not its bodies.
    private struct Row {
        var cells: [Table.Cell] = []
        var json = ""
    }

    /// The latest entries, the newest last, and whether there are more.
    private func latest(with client: QStashClient) async throws -> (rows: [Row], hasMore: Bool) {
        let pages = client.dlq.all(
            matching: filter.deadLetters,
            order: .latestFirst,
            pageSize: min(count + 1, Self.pageSize)
        )
        var rows: [Row] = []
        for try await letter in pages {
            guard rows.count < count else { return (rows.reversed(), true) }
            rows.append(try row(letter))
        }
        return (rows.reversed(), false)
    }

    private func row(_ letter: DeadLetter) throws -> Row {
        guard !output.isJSON else { return Row(json: try JSONOutput.line(DeadLetterRecord(letter))) }
        return Row(cells: [
            .init(letter.id.rawValue),
            .init(letter.responseStatus.map { String($0) } ?? "-", .bad),
            .init(TimeText.dateAndTime(letter.message.createdAt), .faint),
            .init(letter.message.id.rawValue),
            .init(letter.message.url),
        ])
    }
}
