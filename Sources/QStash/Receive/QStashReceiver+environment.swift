public import Logging

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension QStashReceiver {
    /// A receiver set up by environment variables, in the order of the JavaScript client (wire reference, section 24.3).
    ///
    /// 1. `QSTASH_DEV=true` means the public keys of a development server. Anyone can sign with them: never set it in production.
    /// 2. When `QSTASH_REGION` is set and a request names its region (`Upstash-Region`), the pair of that region counts:
    ///    `EU_CENTRAL_1_QSTASH_CURRENT_SIGNING_KEY` and `…_NEXT_SIGNING_KEY`, or those of `US_EAST_1`.
    /// 3. Else `QSTASH_CURRENT_SIGNING_KEY` and `QSTASH_NEXT_SIGNING_KEY` count.
    ///
    /// Keys count only as a pair; an empty variable is as good as none.
    ///
    /// - Parameters:
    ///   - clockTolerance: How far this clock and the server's may differ; rounded up to whole seconds.
    ///   - now: The clock that signatures expire by.
    ///   - logger: Where incomplete pairs and development keys are noted, as warnings; nil for nowhere.
    /// - Throws: ``QStashError`` with code `configuration_invalid` naming the variable that is missing, or the tolerance if it is
    ///   negative.
    public init(
        environment: [String: String] = ProcessInfo.processInfo.environment,
        clockTolerance: Duration = .zero,
        now: @escaping @Sendable () -> Date = QStashReceiver.systemTime,
        logger: Logger? = nil
    ) throws(QStashError) {
        let keys = try ReceiverKeys(environment: environment, logger: logger)
        try self.init(keys: keys, clockTolerance: clockTolerance, now: now)
    }
}

extension QStashReceiver {
    /// The public keys of a development server when `QSTASH_DEV` asks for them; nil otherwise.
    package static func developmentKeys(in environment: [String: String]) -> (current: String, next: String)? {
        environment["QSTASH_DEV"].map(ServerCredentials.isTrue) == true ? ReceiverKeys.development : nil
    }
}
