public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a destination does with a delivery: an answer, or none, and after how long.
///
/// ```swift
/// broker.answer("https://api.test/orders", with: .status(503), .refused, .ok.after(.seconds(20)))
/// ```
public struct TestAnswer: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case response(status: HTTPResponse.Status, headers: HTTPFields, body: [UInt8])
        case refusal
        case silence
    }

    let kind: Kind
    var delay: Duration = .zero

    /// Status 200 without a body, at once.
    public static let ok = TestAnswer.status(.ok)

    /// An answer with a status of three digits, such as `.status(503)`.
    ///
    /// See ``status(_:headers:body:)-(HTTPResponse.Status,_,_)``.
    public static func status(_ code: Int, headers: HTTPFields = HTTPFields(), body: [UInt8] = []) -> TestAnswer {
        .status(HTTPResponse.Status(code: code), headers: headers, body: body)
    }

    /// An answer with a status, such as `.status(.serviceUnavailable)`.
    ///
    /// 200 to 299 is success. A body above 1 MiB is cut in the event log, in callbacks and in the dead letter queue, as in production.
    public static func status(
        _ status: HTTPResponse.Status,
        headers: HTTPFields = HTTPFields(),
        body: [UInt8] = []
    ) -> TestAnswer {
        TestAnswer(kind: .response(status: status, headers: headers, body: body))
    }

    /// An answer with a text as its body, `text/plain` in UTF-8.
    public static func text(_ text: String, status: HTTPResponse.Status = .ok) -> TestAnswer {
        .status(status, headers: [.contentType: "text/plain; charset=utf-8"], body: Array(text.utf8))
    }

    /// An answer with a value as its body, in JSON.
    ///
    /// - Throws: What the encoder throws.
    public static func json(
        _ value: some Encodable,
        status: HTTPResponse.Status = .ok,
        encoder: JSONEncoder = JSONEncoder()
    ) throws -> TestAnswer {
        .status(status, headers: [.contentType: "application/json"], body: Array(try encoder.encode(value)))
    }

    /// Status 489 with `Upstash-NonRetryable-Error: true`: the message is given up without further attempts.
    public static let nonRetryable = TestAnswer.status(489, headers: [.nonRetryableError: "true"])

    /// Nobody listens: the attempt fails before anything is sent.
    public static let refused = TestAnswer(kind: .refusal)

    /// The request is taken and never answered: the attempt fails when its time-out has passed, 15 minutes if the message names none.
    public static let timeout = TestAnswer(kind: .silence)

    /// The same after a while of the broker's time; a while that reaches beyond the attempt's time-out makes it a ``timeout``.
    ///
    /// - Parameter delay: Counted from the arrival of the request, or from the end of the wait that the answer has already. Less than
    ///   nothing counts as nothing, a fraction of a millisecond as a whole one.
    public func after(_ delay: Duration) -> TestAnswer {
        var answer = self
        answer.delay += max(.zero, delay)
        return answer
    }
}

extension HTTPField.Name {
    static let nonRetryableError = known("Upstash-NonRetryable-Error")
    static let upstashMessageID = known("Upstash-Message-Id")
    static let upstashRetried = known("Upstash-Retried")
    static let upstashSignature = known("Upstash-Signature")

    // These texts are valid field names; the initialiser only fails for others.
    private static func known(_ text: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(text) else { preconditionFailure("\(text) is no field name") }
        return name
    }
}
