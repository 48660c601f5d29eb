public import HTTPTypes

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What a callback or failure callback reports about an attempt of a message.
///
/// ```swift
/// try receiver.verify(body, headers: request.headers)
/// let payload = try CallbackPayload(decoding: body)
/// guard payload.isLastAttempt else { return }
/// if payload.isSuccess {
///     let answer = try payload.decodeBody(as: Answer.self)
///     try await orders.complete(payload.sourceMessageID, with: answer)
/// } else {
///     try await orders.fail(payload.sourceMessageID, status: payload.status)
/// }
/// ```
///
/// Verify the signature first: anyone can write such a body (wire reference, section 9).
public struct CallbackPayload: Sendable, Hashable {
    /// The HTTP status of the attempt, `0...999`; 0 when there was no HTTP response.
    public let status: Int

    /// The header fields of the destination's response; repeated ones are kept apart.
    ///
    /// Fields whose name HTTP does not allow are left out.
    public let headers: HTTPFields

    /// The body of the destination's response, which the server may have cut short; empty when there was none.
    public let body: [UInt8]

    /// How often the message had been retried before this attempt; 0 for the first.
    public let retried: Int

    /// How often the message may be retried at most.
    public let retriesMax: Int

    /// The message that is reported, not the callback's own.
    public let sourceMessageID: MessageID

    /// The URL group that the message was sent to; nil when it was none.
    public let urlGroup: URLGroupName?

    /// The name of the endpoint in the group; nil when it has none.
    public let endpointName: String?

    /// The URL that the message was sent to.
    public let url: String

    /// The method that the message was sent with; nil when the server does not say.
    public let method: HTTPRequest.Method?

    /// The header fields of the message; repeated ones are kept apart.
    public let sourceHeaders: HTTPFields

    /// The body of the message; empty when it had none or the server has no more of it.
    public let sourceBody: [UInt8]

    /// The time before which the message was not to be sent; nil when the server does not say.
    public let notBefore: Date?

    /// When the message was accepted; nil when the server does not say.
    public let createdAt: Date?

    /// The schedule that made the message; nil when none did.
    public let scheduleID: ScheduleID?

    /// The entry of the dead letter queue that holds the message now; set in failure callbacks only.
    public let dlqID: DeadLetterID?

    /// The address that published the message; nil when the server does not say.
    public let callerIP: String?

    /// Whether the destination answered 200–299.
    public var isSuccess: Bool { (200..<300).contains(status) }

    /// Whether the message is not tried again: it succeeded, its retries are used up, or it is in the dead letter queue.
    ///
    /// The callback after a permanent refusal (status 489) looks like that of any failed attempt; its end is told by the failure callback.
    public var isLastAttempt: Bool { isSuccess || retried >= retriesMax || dlqID != nil }

    /// The JSON in ``body``, the destination's response.
    ///
    /// - Throws: What the decoder throws, which may repeat parts of the body.
    public func decodeBody<Value: Decodable>(
        as type: Value.Type = Value.self,
        decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        try decoder.decode(type, from: Data(body))
    }

    /// The JSON in ``sourceBody``, the message.
    ///
    /// - Throws: What the decoder throws, which may repeat parts of the body.
    public func decodeSourceBody<Value: Decodable>(
        as type: Value.Type = Value.self,
        decoder: JSONDecoder = JSONDecoder()
    ) throws -> Value {
        try decoder.decode(type, from: Data(sourceBody))
    }
}

extension CallbackPayload: CustomStringConvertible {
    /// Message, status and attempt; bodies, headers and URL may hold secrets and do not belong in logs.
    public var description: String {
        "CallbackPayload(\(sourceMessageID), status \(status), retried \(retried) of \(retriesMax))"
    }
}
