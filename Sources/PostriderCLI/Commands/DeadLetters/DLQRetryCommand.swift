package import ArgumentParser
import QStash

/// `postrider dlq retry`: publishes dead letters anew.
package struct DLQRetryCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Publishes dead letters anew, as new messages with all their retries, and removes them.",
        discussion: "Give ids, conditions, or --all with --yes."
    )

    @OptionGroup var selection: DeadLetterSelection
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Retries, and shows the new message of each.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let (ids, hasMore) = try await FlagNames.translating { try await selection.resolve(with: client) }
            var lines = RetriedLines(isJSON: output.isJSON, style: output.style(in: context), context: context)
            var passedOver = 0
            for chunk in ids.chunks() {
                // Shown chunk by chunk: what was published stays so, whatever happens to the next ones.
                passedOver += try await FlagNames.translating { try await retry(chunk, with: client, lines: &lines) }
            }
            if ids.isEmpty { try context.remark("no dead letters", isJSON: output.isJSON) }
            if passedOver > 0 {
                try context.remark("gone before they were retried: \(passedOver)", isJSON: output.isJSON)
            }
            if hasMore { try context.remark("there are more: run the command again", isJSON: output.isJSON) }
        }
    }

    /// Retries the entries.
    ///
    /// - Returns: How many were passed over, because they were gone.
    private func retry(
        _ ids: [DeadLetterID],
        with client: QStashClient,
        lines: inout RetriedLines
    ) async throws -> Int {
        do {
            try lines.show(ids, try await client.dlq.retry(ids))
            return 0
        } catch let error as QStashError where error.code == .notFound && !selection.isNamed {
            // Somebody else took one since it was listed, and the server then retries none of them.
            var passedOver = 0
            for id in ids {
                do {
                    try lines.show([id], try await client.dlq.retry([id]))
                } catch let error as QStashError where error.code == .notFound {
                    passedOver += 1
                }
            }
            return passedOver
        }
    }
}

/// Shows which message a dead letter became.
private struct RetriedLines {
    private struct Record: Encodable {
        let dlqId: String
        let messageId: String
    }

    private let isJSON: Bool
    private let style: Style
    private let context: CommandContext
    private let layout: TableLayout
    private var isBegun = false

    init(isJSON: Bool, style: Style, context: CommandContext) {
        self.isJSON = isJSON
        self.style = style
        self.context = context
        layout = TableLayout(
            columns: [.init("DEAD LETTER"), .init("NEW MESSAGE")],
            widths: [36, 26],
            width: context.terminal?.columns
        )
    }

    mutating func show(_ ids: [DeadLetterID], _ receipts: [PublishReceipt]) throws {
        guard receipts.count == ids.count else {
            throw QStashError(.answerInvalid, "the server answered \(receipts.count) messages for \(ids.count) entries")
        }
        var text = isBegun || isJSON ? "" : layout.header(style: style)
        isBegun = true
        for (id, receipt) in zip(ids, receipts) {
            text +=
                isJSON
                ? try JSONOutput.line(Record(dlqId: id.rawValue, messageId: receipt.messageID.rawValue))
                : layout.line([.init(id.rawValue), .init(receipt.messageID.rawValue)], style: style)
        }
        context.output.write(text)
    }
}
