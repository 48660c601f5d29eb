#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension JobRecord {
    /// What its owner sees of the job (application reference, 10.3 and 11).
    var statusFields: JSONValue {
        [
            "requestId": .string(requestID),
            "status": .string(status.rawValue),
            "progress": .integer(Int64(progress)),
            "jobType": .string(jobType),
            "phase": Self.text(phase),
            "attempt": .integer(Int64(attempt)),
            "maxRetries": .integer(Int64(maxRetries)),
            "messageId": Self.text(messageID),
            "createdAt": Self.date(createdAt),
            "updatedAt": Self.date(updatedAt),
            "startedAt": Self.date(startedAt),
            "heartbeatAt": Self.date(heartbeatAt),
            "completedAt": Self.date(completedAt),
            "errorCode": Self.text(errorCode),
            "errorMessage": Self.text(errorMessage),
            "resultData": resultData.flatMap { JSONValue.parse($0) } ?? .null,
            "estimatedTimeRemaining": remainingSeconds.map { .integer(Int64($0)) } ?? .null,
        ]
    }

    /// Names this version with this content, as `ETag` does.
    func entityTag(of body: [UInt8]) -> String {
        "\"\(version)-\(Hexadecimal.digest(of: body, count: 16))\""
    }

    private static func text(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    private static func date(_ date: Date?) -> JSONValue { date.map { .string(ISODate.text($0)) } ?? .null }
}
