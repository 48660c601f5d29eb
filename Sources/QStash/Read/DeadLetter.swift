public import HTTPTypes

/// An entry of the dead letter queue: a message that was given up, and the answer that ended it (wire reference, section 14).
public struct DeadLetter: Sendable, Hashable {
    /// The entry's id, which is not the message's.
    public private(set) var id: DeadLetterID

    /// The message.
    public let message: StoredMessage

    /// The status that the destination answered last; nil when there was no answer.
    public let responseStatus: Int?

    /// The headers of that answer.
    public let responseHeaders: HTTPFields

    /// The body of that answer, which the server may have cut short.
    public let responseBody: [UInt8]

    /// Why there was no answer; nil when the server does not say.
    public let error: String?
}

extension DeadLetter: Decodable {
    /// Reads the wire's form, in either of the spellings in use.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        try self.init(from: decoder, fields: fields, id: try fields.requiredIdentifier("dlqId"))
    }

    fileprivate init(_ letter: DeadLetter, id: DeadLetterID) {
        self = letter
        self.id = id
    }

    fileprivate init(from decoder: any Decoder, fields: AnswerFields, id: DeadLetterID) throws {
        self.id = id
        message = try StoredMessage(from: decoder)
        responseStatus = try fields.status("responseStatus")
        responseHeaders = try fields.headers("responseHeader", "responseHeaders")
        responseBody = try fields.body("responseBody", base64: "responseBodyBase64")
        error = try fields.text("error")
    }
}

extension DeadLetter: CustomStringConvertible {
    /// Entry, message and status; bodies, headers and URL may hold secrets and do not belong in logs.
    public var description: String {
        "DeadLetter(\(id), \(message.id), \(responseStatus.map { "status \($0)" } ?? "no answer"))"
    }
}

/// The answer to a call for one entry, which need not repeat the entry's id.
struct DeadLetterAnswer: Decodable {
    private let letter: DeadLetter

    init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        letter = try DeadLetter(from: decoder, fields: fields, id: try fields.identifier("dlqId") ?? "")
    }

    /// The entry under the id that it was asked for by, unless it has one of its own.
    func letter(asked id: DeadLetterID) -> DeadLetter {
        letter.id.rawValue.isEmpty ? DeadLetter(letter, id: id) : letter
    }
}
