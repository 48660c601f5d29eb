#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension Queue {
    /// A queue as the server describes it.
    public struct Status: Sendable, Hashable {
        /// The queue's name.
        public let name: QueueName

        /// When it was made.
        public let createdAt: Date

        /// When it was last changed.
        public let updatedAt: Date

        /// How many messages are delivered at a time.
        public let parallelism: Int

        /// Whether messages wait.
        public let isPaused: Bool

        /// How many messages are not done: those that wait and those under way.
        public let lag: Int
    }
}

extension Queue.Status: Decodable {
    /// Reads the wire's form.
    public init(from decoder: any Decoder) throws {
        let fields = try AnswerFields(from: decoder)
        name = try fields.requiredIdentifier("name")
        createdAt = try fields.requiredTime("createdAt")
        updatedAt = try fields.requiredTime("updatedAt")
        parallelism = try fields.requiredCount("parallelism")
        isPaused = try fields.flag("paused")
        lag = try fields.requiredCount("lag")
    }
}
