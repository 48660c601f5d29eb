/// How dead letters are kept (application reference, 2.6).
enum DeadLetterPolicy {
    /// How many entries a job type has at most.
    static let entriesMax = 1_000
    /// How long a list is kept after its last entry.
    static let ttl: Duration = .seconds(604_800)
    /// More entries than this are worth an alert.
    static let alertCount = 100
}

/// Replaces what is secret or personal in a payload that is shown to operators.
enum Redactor {
    static let placeholder = "[REDACTED]"
    static let textPlaceholder = "[REDACTED_STRING_PAYLOAD]"
    /// Stands for a payload that is too long to be kept.
    static let truncated = "[TRUNCATED]"

    /// The longest payload that is kept, in bytes of its text.
    static let bytesMax = 16_384

    /// A body as JSON text with everything secret or personal replaced.
    ///
    /// A body that is not JSON is replaced as a whole, and so is JSON that is nothing but text. What is longer than ``bytesMax`` loses its
    /// longest members first.
    static func text(of body: [UInt8]) -> String {
        guard let value = JSONValue.parse(body) else { return JSONValue.string(textPlaceholder).text }
        if case .string = value { return JSONValue.string(textPlaceholder).text }
        return capped(redact(value))
    }

    /// The value with everything secret or personal replaced, at any depth.
    static func redact(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            var redacted: [String: JSONValue] = [:]
            redacted.reserveCapacity(members.count)
            for (name, member) in members {
                redacted[name] = isSensitive(name) ? .string(placeholder) : redact(member)
            }
            return .object(redacted)
        case .array(let elements): return .array(elements.map(redact))
        default: return value
        }
    }

    /// Whether the value of such a key is not shown.
    ///
    /// Spellings with `_`, `-`, blanks and capitals are one: `first_name`, `firstName` and `First-Name` are the same.
    static func isSensitive(_ key: String) -> Bool {
        let plain = key.lowercased().filter { $0.isLetter || $0.isNumber }
        return exact.contains(plain) || parts.contains { plain.contains($0) }
    }

    private static let parts = ["token", "secret", "password", "apikey"]

    private static let exact: Set<String> = [
        "email", "emailaddress", "ssn", "socialsecurity", "socialsecuritynumber", "name", "firstname", "lastname",
        "fullname", "dob", "dateofbirth", "birthdate", "birthday", "creditcard", "creditcardnumber", "cardnumber",
        "phone", "phonenumber", "address",
    ]

    /// The text, with the longest members of the outermost object replaced until it is short enough.
    private static func capped(_ value: JSONValue) -> String {
        let text = value.text
        var count = text.utf8.count
        guard count > bytesMax else { return text }
        guard case .object(var members) = value else { return JSONValue.string(truncated).text }
        let replacement = JSONValue.string(truncated)
        let replacementCount = replacement.bytes.count
        let longest = members.map { (name: $0.key, count: $0.value.bytes.count) }
            .sorted { ($1.count, $0.name) < ($0.count, $1.name) }
        for member in longest where member.count > replacementCount {
            members[member.name] = replacement
            count -= member.count - replacementCount
            if count <= bytesMax { return JSONValue.object(members).text }
        }
        return JSONValue.string(truncated).text
    }
}
