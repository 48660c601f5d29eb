package import HTTPTypes

/// What deliveries are answered: statuses in order, of which the last repeats, and what goes with them.
package struct AnswerScript: Sendable, Hashable {
    /// Fields that frame a message, and so are the listener's own.
    private static let reserved: Set<String> = [
        "content-length", "transfer-encoding", "connection", "upgrade", "trailer", "te",
    ]

    /// The statuses, at least one.
    package let statuses: [Int]

    /// Sent with every answer.
    package let fields: HTTPFields

    /// Sent with every answer.
    package let body: [UInt8]

    /// Waited for before every answer.
    package let delay: Duration

    /// A script with its parts; `statuses` must not be empty.
    package init(
        statuses: [Int] = [200],
        fields: HTTPFields = HTTPFields(),
        body: [UInt8] = [],
        delay: Duration = .zero
    ) {
        precondition(!statuses.isEmpty, "no status to answer with")
        self.statuses = statuses
        self.fields = fields
        self.body = body
        self.delay = delay
    }

    /// The answer to a delivery, counted from 0.
    package func answer(_ index: Int) -> DeliveryAnswer {
        DeliveryAnswer(status: statuses[min(index, statuses.count - 1)], fields: fields, body: body)
    }

    /// Reads `500,500,200`; nil unless all are final statuses, 200 to 599.
    package static func statuses(parsing text: String) -> [Int]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let statuses = parts.compactMap { part -> Int? in
            let word = part.drop { $0 == " " }
            guard word.utf8.count == 3, let status = Int(word), (200...599).contains(status) else { return nil }
            return status
        }
        return statuses.count == parts.count ? statuses : nil
    }

    /// Reads `name=value`; nil when the name is none, or names a field that frames the message.
    package static func field(parsing text: String) -> HTTPField? {
        guard let equals = text.firstIndex(of: "="), let name = HTTPField.Name(String(text[..<equals])),
            !reserved.contains(name.canonicalName)
        else { return nil }
        let value = String(text[text.index(after: equals)...])
        // The field type would replace what it does not take without a word.
        guard value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }) else { return nil }
        return HTTPField(name: name, value: value)
    }
}
