import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension QStashError {
    /// The most of a server's text that an error keeps, in bytes.
    private static let messageBytesMax = 4_096

    /// The JSON of an error answer (wire reference, section 1).
    private struct ErrorBody: Decodable {
        var error: String
        var code: String?

        private enum CodingKeys: String, CodingKey {
            case error, code
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            error = try container.decode(String.self, forKey: .error)
            code = try? container.decodeIfPresent(String.self, forKey: .code)
        }
    }

    /// The error of an answer outside 200–299.
    init(refusal response: QStashResponse) {
        let fields = response.head.headerFields
        let status = response.head.status.code
        let body = try? JSONDecoder().decode(ErrorBody.self, from: Data(response.body))
        let text = String(
            decoding: body.map { Array($0.error.utf8.prefix(Self.messageBytesMax)) }
                ?? Array(response.body.prefix(Self.messageBytesMax)),
            as: UTF8.self
        )
        let limit = status == 429 ? Self.limit(in: fields) : nil
        self.init(
            Self.code(status: status, limit: limit?.code),
            text.isEmpty ? "the server answered \(status) without a text" : text
        )
        self.status = status
        self.serverCode = body?.code.flatMap(Self.knownForm)
        self.serverMessage = text
        self.rateLimit = limit?.values
    }

    /// The error of one item of a batch.
    ///
    /// - Parameters:
    ///   - serverCode: Tells what stands behind it, where the server gives one.
    ///   - status: What the item alone would have been answered with; nil when the server does not say.
    init(refusalOfItem text: String, serverCode: String?, status: Int?) {
        let text = String(decoding: text.utf8.prefix(Self.messageBytesMax), as: UTF8.self)
        let serverCode = serverCode.flatMap(Self.knownForm)
        let code: Code
        if let status, (400...599).contains(status) {
            code = Self.code(status: status, limit: nil)
        } else if let serverCode, serverCode == "overloaded" || serverCode.hasPrefix("store_") {
            // No fault of the item: the server has no room, or is not sure that it could store it.
            code = .overloaded
        } else {
            code = .badRequest
        }
        self.init(code, text.isEmpty ? "the server refused the item without a text" : text)
        self.status = status
        self.serverCode = serverCode
        self.serverMessage = text
    }

    /// A code of a server as it may stand in a log; nil for what is no such name.
    private static func knownForm(_ code: String) -> String? {
        let isName = code.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "_")
        }
        return isName && !code.isEmpty && code.utf8.count <= 64 ? code : nil
    }

    /// The error of an answer that is not what the protocol says.
    init(answerInvalid response: QStashResponse, because error: any Error) {
        // What the decoder says names fields and types; a value it may repeat is not kept.
        var detail = "the server's answer is not what the protocol says"
        if let error = error as? DecodingError, let place = Self.place(of: error) { detail += ", at \(place)" }
        self.init(.answerInvalid, detail, underlying: nil)
        self.status = response.head.status.code
    }

    /// The error of an exchange without an answer.
    init(_ error: QStashTransportError) {
        self.init(error.isTimeout ? .timedOut : .unreachable, error.detail, underlying: error)
    }

    private static func place(of error: DecodingError) -> String? {
        let path: [any CodingKey]
        switch error {
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        @unknown default: return nil
        }
        guard !path.isEmpty else { return nil }
        // Keys come from the answer: of a map of headers they are a stranger's text.
        return path.prefix(4).map { key in
            if let index = key.intValue { return "[\(index)]" }
            let isPlain = key.stringValue.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && key.stringValue.count <= 64
            return isPlain ? key.stringValue : "?"
        }.joined(separator: ".")
    }

    private static func code(status: Int, limit: Code?) -> Code {
        switch status {
        case 401: .unauthorized
        case 403: .forbidden
        case 404: .notFound
        case 409: .conflict
        case 412: .quotaExceeded
        case 413: .tooLarge
        case 429: limit ?? .overloaded
        case 503, 507: .overloaded
        case 500...: .serverFailure
        default: .badRequest
        }
    }

    /// Which limit an answer tells of, tried in the order of the JavaScript client (wire reference, section 3.1).
    private static func limit(in fields: HTTPFields) -> (code: Code, values: RateLimit)? {
        if let limit = fields["x-ratelimit-limit-requests"] {
            // Its reset is a Go duration, which is no time that could be told here.
            let remaining = fields["x-ratelimit-remaining-requests"].flatMap { Int($0) }
            return (.chatLimit, RateLimit(limit: Int(limit), remaining: remaining))
        }
        if let limit = fields["ratelimit-limit"] { return (.dailyLimit, values(limit, "ratelimit", fields)) }
        if let limit = fields["burst-ratelimit-limit"] {
            return (.burstLimit, values(limit, "burst-ratelimit", fields))
        }
        return nil
    }

    private static func values(_ limit: String, _ prefix: String, _ fields: HTTPFields) -> RateLimit {
        RateLimit(
            limit: Int(limit),
            remaining: fields["\(prefix)-remaining"].flatMap { Int($0) },
            resetsAt: fields["\(prefix)-reset"].flatMap { Int64($0) }.flatMap { seconds in
                // A moment beyond the year 9999 is none that anybody could wait for, or even write.
                (0..<253_402_300_800).contains(seconds) ? Date(timeIntervalSince1970: TimeInterval(seconds)) : nil
            }
        )
    }
}

extension HTTPFields {
    /// The value of a field by its name in lower case.
    fileprivate subscript(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { self[$0] }
    }
}
