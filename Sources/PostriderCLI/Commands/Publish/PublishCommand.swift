package import ArgumentParser
import QStash

/// `postrider publish`: publishes one message, to a URL or to a group, perhaps through a queue.
package struct PublishCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Publishes a message and prints its id.",
        discussion: """
            The message is stored durably when the command ends with status 0. Times: 90s, 1h30m, or whole seconds. What cannot work is \
            refused before anything is sent.
            """
    )

    @Argument(help: "Where the message goes: http:// or https://. Left out with --group.")
    var destination: String?

    @Option(help: .init("Publish to every endpoint of this URL group.", valueName: "name"))
    var group: String?

    @Option(help: .init("Publish through this queue, which keeps the order of its messages.", valueName: "name"))
    var queue: String?

    @OptionGroup(title: "Body") var body: BodyOptions
    @OptionGroup(title: "Delivery") var delivery: DeliveryOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// A message goes to one place.
    package func validate() throws {
        switch (destination, group) {
        case (nil, nil): throw ValidationError("give the URL that the message goes to, or --group")
        case (.some, .some): throw ValidationError("a message goes to a URL or to a --group, not to both")
        default: break
        }
    }

    /// Publishes, and prints the id; of a group a table with one for each endpoint.
    package func run() async throws {
        try await output.run { context in
            let client = try server.client(in: context)
            let message = try body.messageBody()
            let receipts = try await FlagNames.translating { try await publish(message, with: client) }
            for receipt in receipts where receipt.isDeduplicated {
                let id = VisibleText.line(receipt.messageID.rawValue)
                try context.remark(
                    "duplicate: \(id) was published before, and nothing new was stored",
                    isJSON: output.isJSON
                )
            }
            context.output.write(try text(of: receipts, in: context))
        }
    }

    private func publish(_ message: MessageBody, with client: QStashClient) async throws -> [PublishReceipt] {
        let options = delivery.publishOptions
        switch (group.map { URLGroupName($0) }, queue.map { QueueName($0) }) {
        case (let group?, let queue?):
            return try await client.enqueue(message, toGroup: group, in: queue, options: options)
        case (let group?, nil):
            return try await client.publish(message, toGroup: group, options: options)
        case (nil, let queue?):
            return [try await client.enqueue(message, to: destination ?? "", in: queue, options: options)]
        case (nil, nil):
            return [try await client.publish(message, to: destination ?? "", options: options)]
        }
    }

    private func text(of receipts: [PublishReceipt], in context: CommandContext) throws -> String {
        if output.isJSON { return try receipts.map { try JSONOutput.line($0) }.joined() }
        if group == nil { return receipts.map { VisibleText.line($0.messageID.rawValue) + "\n" }.joined() }
        var table = Table([.init("MESSAGE", isWhole: true), .init("URL")])
        for receipt in receipts { table.append([.init(receipt.messageID.rawValue), .init(receipt.url ?? "-")]) }
        return table.text(width: context.terminal?.columns, style: output.style(in: context))
    }
}
