import QStash

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// The time of this machine.
public struct SystemJobClock: JobClock {
    /// The clock.
    public init() {}

    /// The time of day.
    public var now: Date { QStashReceiver.systemTime() }

    /// Waits by a clock that nobody sets.
    public func sleep(for duration: Duration) async throws {
        try await Self.alarm.sleep(until: .now + duration)
    }

    private static let alarm = SharedAlarm()
}

/// The randomness of this machine, for what nobody must guess.
enum SystemRandomness {
    @Sendable
    static func bytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 7)
        while bytes.count < count {
            let word: UInt64 = generator.next()
            withUnsafeBytes(of: word) { bytes.append(contentsOf: $0) }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}

/// Ids in the form of UUIDs of version 4.
enum RandomID {
    /// A UUID in lower case.
    ///
    /// - Parameter randomBytes: Gives so many bytes that nobody can guess.
    static func uuid(_ randomBytes: (Int) -> [UInt8]) -> String {
        var bytes = randomBytes(16)
        precondition(bytes.count == 16, "16 random bytes were asked for, \(bytes.count) came")
        bytes[6] = bytes[6] & 0x0F | 0x40
        bytes[8] = bytes[8] & 0x3F | 0x80
        let parts = [bytes[0..<4], bytes[4..<6], bytes[6..<8], bytes[8..<10], bytes[10..<16]]
        return parts.map(\.hexadecimal).joined(separator: "-")
    }
}
