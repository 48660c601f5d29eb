import FoundationEssentials
import PostriderJobs

/// A job as its application tells of it.
struct JobReport: Sendable, Hashable {
    /// More attempts than any job has: what a server says beyond is not worth believing.
    private static let attemptMax: Int64 = 1_000_000
    /// Ten years, seconds.
    private static let remainingMax: Int64 = 315_360_000

    var requestID: String
    var jobType: String
    var status: String
    var progress: Int
    var phase: String?
    var attempt: Int
    var maxRetries: Int
    var messageID: String?
    var errorCode: String?
    var errorMessage: String?
    var result: JSONValue?
    /// Seconds; nil when nobody knows.
    var remainingSeconds: Int64?
    var createdAt: Date?
    var updatedAt: Date?
    var startedAt: Date?
    var heartbeatAt: Date?
    var completedAt: Date?

    /// Whether the job has ended.
    var isOver: Bool { ["completed", "failed", "cancelled"].contains(status) }

    /// - Throws: ``CommandFailure`` when it is none.
    init(parsing bytes: [UInt8]) throws(CommandFailure) {
        guard let value = JSONValue.parse(bytes), let requestID = value["requestId"]?.string,
            let status = value["status"]?.string, let progress = value["progress"]?.integer
        else {
            throw CommandFailure(
                .failure,
                code: "answer_invalid",
                "the answer is not a job",
                advice: "check --url: what answers there does not seem to be an application with jobs"
            )
        }
        self.requestID = requestID
        self.status = status
        self.progress = Int(min(100, max(0, progress)))
        jobType = value["jobType"]?.string ?? ""
        phase = value["phase"]?.string
        attempt = Int(min(Self.attemptMax, max(0, value["attempt"]?.integer ?? 0)))
        maxRetries = Int(min(Self.attemptMax, max(0, value["maxRetries"]?.integer ?? 0)))
        messageID = value["messageId"]?.string
        errorCode = value["errorCode"]?.string
        errorMessage = value["errorMessage"]?.string
        result = value["resultData"].flatMap { $0.isNull ? nil : $0 }
        remainingSeconds = value["estimatedTimeRemaining"]?.integer.map { min(Self.remainingMax, max(0, $0)) }
        createdAt = Self.date(value["createdAt"])
        updatedAt = Self.date(value["updatedAt"])
        startedAt = Self.date(value["startedAt"])
        heartbeatAt = Self.date(value["heartbeatAt"])
        completedAt = Self.date(value["completedAt"])
    }

    private static func date(_ value: JSONValue?) -> Date? {
        guard let text = value?.string else { return nil }
        // With a fraction of a second or without.
        if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) {
            return date
        }
        return try? Date(text, strategy: .iso8601)
    }
}

extension JobReport: Encodable {
    private enum CodingKeys: String, CodingKey {
        case attempt, completedAt, createdAt, errorCode, errorMessage, estimatedTimeRemaining, heartbeatAt, jobType,
            maxRetries, messageId, phase, progress, requestId, resultData, startedAt, status, updatedAt
    }

    /// Writes the names of the wire, and times as all commands do.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(requestID, forKey: .requestId)
        try container.encode(jobType, forKey: .jobType)
        try container.encode(status, forKey: .status)
        try container.encode(progress, forKey: .progress)
        try container.encode(attempt, forKey: .attempt)
        try container.encode(maxRetries, forKey: .maxRetries)
        try container.encodeIfPresent(phase, forKey: .phase)
        try container.encodeIfPresent(messageID, forKey: .messageId)
        try container.encodeIfPresent(errorCode, forKey: .errorCode)
        try container.encodeIfPresent(errorMessage, forKey: .errorMessage)
        try container.encodeIfPresent(result, forKey: .resultData)
        try container.encodeIfPresent(remainingSeconds, forKey: .estimatedTimeRemaining)
        try container.encodeIfPresent(createdAt, forKey: .createdAt)
        try container.encodeIfPresent(updatedAt, forKey: .updatedAt)
        try container.encodeIfPresent(startedAt, forKey: .startedAt)
        try container.encodeIfPresent(heartbeatAt, forKey: .heartbeatAt)
        try container.encodeIfPresent(completedAt, forKey: .completedAt)
    }
}
