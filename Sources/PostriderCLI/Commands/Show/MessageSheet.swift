import HTTPTypes
import QStash

/// Messages and dead letters as a person reads them.
enum MessageSheet {
    /// A message with its headers and its body.
    static func text(of message: StoredMessage, style: Style) -> String {
        var facts = FactSheet()
        add(message, to: &facts)
        return facts.text(style: style) + section("body", message.body, style: style)
    }

    /// A dead letter: what the destination answered last, and the message.
    static func text(of letter: DeadLetter, style: Style) -> String {
        var facts = FactSheet()
        facts.add("dead letter", letter.id.rawValue, .strong)
        facts.add("status", letter.responseStatus.map { String($0) } ?? "no answer", .bad)
        facts.add("error", letter.error, .bad)
        for field in letter.responseHeaders { facts.add("answer's header", line(of: field)) }
        add(letter.message, to: &facts)
        return facts.text(style: style) + section("answer", letter.responseBody, style: style)
            + section("body", letter.message.body, style: style)
    }

    private static func add(_ message: StoredMessage, to facts: inout FactSheet) {
        facts.add("message", message.id.rawValue, .strong)
        facts.add("request", "\(message.method.rawValue) \(message.url)")
        facts.add("created", TimeText.dateAndTime(message.createdAt))
        facts.add("not before", message.notBefore > message.createdAt ? TimeText.dateAndTime(message.notBefore) : nil)
        facts.add("retries", "\(message.retriesMax)")
        facts.add("retry delay", message.retryDelay?.expression)
        facts.add("group", message.urlGroup?.rawValue)
        facts.add("endpoint", message.endpointName)
        facts.add("queue", message.queue?.rawValue)
        facts.add("schedule", message.scheduleID?.rawValue)
        facts.add("labels", message.labels.joined(separator: ", "))
        facts.add("flow control", message.flowControl.map { text(of: $0) })
        facts.add("callback", message.callback)
        facts.add("failure callback", message.failureCallback)
        facts.add("published from", message.callerIP)
        for field in message.headers { facts.add("header", line(of: field)) }
    }

    private static func line(of field: HTTPField) -> String {
        "\(field.name.rawName): \(ShownHeaders.value(of: field))"
    }

    private static func text(of control: FlowControl) -> String {
        var parts = [control.key.rawValue]
        if let parallelism = control.parallelism { parts.append("parallelism \(parallelism)") }
        if let rate = control.rate {
            parts.append("rate \(rate) in \(TimeText.duration(control.period ?? .seconds(1)))")
        }
        return parts.joined(separator: ", ")
    }

    /// A body under its title; nothing for none.
    private static func section(_ title: String, _ body: [UInt8], style: Style) -> String {
        guard !body.isEmpty else { return "" }
        return "\n\(style.text(title, .faint))\n" + BodyText.lines(of: body).map { "  \($0)\n" }.joined()
    }
}
