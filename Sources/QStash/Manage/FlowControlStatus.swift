#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// A flow control key as the server keeps it (wire reference, section 18); what an answer leaves out is 0 or false.
public struct FlowControlStatus: Sendable, Hashable {
    /// The key.
    public let key: FlowControlKey

    /// How many messages wait for the key.
    public let waitListSize: Int

    /// How many deliveries may be under way; 0 for no such limit.
    public let parallelismMax: Int

    /// How many deliveries are under way.
    public let parallelismCount: Int

    /// How many deliveries may start in a period; 0 for no such limit.
    public let rateMax: Int

    /// How many deliveries started in this period.
    public let rateCount: Int

    /// The period; zero when the server does not say.
    public let ratePeriod: Duration

    /// When this period began; nil when none has.
    public let ratePeriodStart: Date?

    /// Whether no delivery starts.
    public let isPaused: Bool

    /// Whether the parallelism is kept, whatever messages bring.
    public let isParallelismPinned: Bool

    /// Whether rate and period are kept, whatever messages bring.
    public let isRatePinned: Bool
}

extension FlowControlStatus: Decodable {
    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        key = try fields.requiredIdentifier("flowControlKey")
        waitListSize = try fields.count("waitListSize") ?? 0
        parallelismMax = try fields.count("parallelismMax") ?? 0
        parallelismCount = try fields.count("parallelismCount") ?? 0
        rateMax = try fields.count("rateMax") ?? 0
        rateCount = try fields.count("rateCount") ?? 0
        ratePeriod = try fields.seconds("ratePeriod") ?? .zero
        // Alone among the times of the wire in seconds; 0 for none.
        ratePeriodStart = try fields.number("ratePeriodStart", in: 0...253_402_300_799)
            .flatMap { $0 > 0 ? Date(timeIntervalSince1970: TimeInterval($0)) : nil }
        isPaused = try fields.flag("isPaused")
        isParallelismPinned = try fields.flag("isPinnedParallelism")
        isRatePinned = try fields.flag("isPinnedRate")
    }
}

/// How many deliveries of the whole account may be under way, and are.
public struct GlobalParallelism: Sendable, Hashable, Decodable {
    /// How many may be under way; 0 when the server does not say.
    public let max: Int

    /// How many are under way.
    public let count: Int

    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        max = try fields.count("parallelismMax") ?? 0
        count = try fields.count("parallelismCount") ?? 0
    }
}
