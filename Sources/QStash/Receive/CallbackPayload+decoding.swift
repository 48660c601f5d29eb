import HTTPTypes
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension CallbackPayload {
    /// The most bytes that are read as a callback.
    public static let bytesMax = 64 * 1_048_576

    /// Reads the body of a callback or failure callback.
    ///
    /// Both spellings in use are understood: numbers or text of digits, header values in arrays or alone, `callerIP` or `callerIp`. Bodies
    /// are base64 with the standard alphabet. What is missing, null or empty counts as nil, 0 or empty; only `sourceMessageId` and
    /// `url` must be there. Unknown fields are passed over.
    ///
    /// Bounded: ``bytesMax`` bytes, 4,096 header values on either side, nesting as deep as `JSONDecoder` goes (512), statuses to 999, times to the
    /// year 9999.
    ///
    /// - Throws: ``QStashError`` with code `answer_invalid`, naming the field and never its content.
    public init(decoding bytes: [UInt8]) throws(QStashError) {
        guard bytes.count <= Self.bytesMax else {
            throw QStashError(.answerInvalid, "the callback is larger than \(Self.bytesMax) bytes")
        }
        do {
            self = try JSONDecoder().decode(CallbackPayload.self, from: Data(bytes))
        } catch let error as QStashError {
            throw error
        } catch {
            // What the decoder says may repeat the content.
            throw QStashError(.answerInvalid, "the callback is not a JSON object")
        }
    }
}

extension CallbackPayload: Decodable {
    /// Reads a callback from a decoder, by the same rules as ``init(decoding:)`` but for the bound on the whole.
    ///
    /// - Throws: ``QStashError`` with code `answer_invalid` naming the field, or what the decoder throws when there is no object.
    public init(from decoder: any Decoder) throws {
        let fields = CallbackFields(try decoder.container(keyedBy: CallbackFields.Name.self))
        status = Int(try fields.number(.status, in: 0...999) ?? 0)
        headers = try fields.headers(.header)
        body = try fields.bytes(.body)
        retried = Int(try fields.number(.retried, in: 0...CallbackFields.retriesMax) ?? 0)
        retriesMax = Int(try fields.number(.maxRetries, in: 0...CallbackFields.retriesMax) ?? 0)
        sourceMessageID = MessageID(try fields.requiredText(.sourceMessageId))
        urlGroup = try fields.text(.topicName).map { URLGroupName($0) }
        endpointName = try fields.text(.endpointName)
        url = try fields.requiredText(.url)
        method = try fields.method(.method)
        sourceHeaders = try fields.headers(.sourceHeader)
        sourceBody = try fields.bytes(.sourceBody)
        notBefore = try fields.time(.notBefore)
        createdAt = try fields.time(.createdAt)
        scheduleID = try fields.text(.scheduleId).map { ScheduleID($0) }
        dlqID = try fields.text(.dlqId).map { DeadLetterID($0) }
        callerIP = try fields.text(.callerIP) ?? fields.text(.callerIp)
    }
}
