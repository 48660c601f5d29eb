import QStash
import Synchronization

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// Where the keys come from that deliveries are verified with; asked with every delivery, so that keys can rotate.
///
/// There is no way to go without: locally, the embedded broker signs with keys of its own (application reference, 2.1).
public struct SigningKeySource: Sendable {
    let read: @Sendable () async throws -> (current: String?, next: String?)

    /// Keys that are looked up each time, such as those of a broker in the same process.
    ///
    /// - Parameter read: The current key and the one after it. Without a current key, or when it throws, deliveries are answered 500
    ///   `configuration_error`; without a next key the current one counts alone, and an alert is raised. Any key that is not empty is accepted.
    public init(_ read: @escaping @Sendable () async throws -> (current: String?, next: String?)) {
        self.read = read
    }

    /// Keys that never change.
    public static func fixed(current: String, next: String? = nil) -> SigningKeySource {
        SigningKeySource { (current, next) }
    }

    /// `QSTASH_CURRENT_SIGNING_KEY` and `QSTASH_NEXT_SIGNING_KEY`, read once.
    ///
    /// With `QSTASH_DEV=true` the public keys of a development server: anyone can sign with them, so never set it in production.
    public static func environment(
        _ environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> SigningKeySource {
        if let keys = QStashReceiver.developmentKeys(in: environment) {
            return .fixed(current: keys.current, next: keys.next)
        }
        let current = environment["QSTASH_CURRENT_SIGNING_KEY"]
        let next = environment["QSTASH_NEXT_SIGNING_KEY"]
        return SigningKeySource { (current, next) }
    }
}

/// Makes a receiver of the present keys, and keeps it until they change.
final class ReceiverCache: Sendable {
    private struct Entry {
        let current: String
        let next: String
        let receiver: QStashReceiver
    }

    private let entry = Mutex<Entry?>(nil)

    /// What there is to verify with.
    struct Found {
        let receiver: QStashReceiver
        let isNextMissing: Bool
    }

    /// - Returns: Nil when there is no current key.
    func receiver(
        _ source: SigningKeySource,
        clock: any JobClock,
        tolerance: Duration
    ) async -> Found? {
        guard let keys = try? await source.read(), let current = keys.current, !current.isEmpty else { return nil }
        let isNextMissing = keys.next?.isEmpty ?? true
        let next = isNextMissing ? current : keys.next ?? current
        let known = entry.withLock { entry in
            entry.flatMap { $0.current == current && $0.next == next ? $0.receiver : nil }
        }
        if let known { return Found(receiver: known, isNextMissing: isNextMissing) }
        let made = try? QStashReceiver(
            currentSigningKey: current,
            nextSigningKey: next,
            clockTolerance: tolerance,
            now: { clock.now }
        )
        guard let made else { return nil }
        entry.withLock { $0 = Entry(current: current, next: next, receiver: made) }
        return Found(receiver: made, isNextMissing: isNextMissing)
    }
}
