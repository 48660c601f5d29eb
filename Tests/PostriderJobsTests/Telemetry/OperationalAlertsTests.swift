import InMemoryLogging
import Logging
import Synchronization
import Testing

@testable import PostriderJobs

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct OperationalAlertsTests {
    private final class Seen: Sendable {
        let names = Mutex<[String]>([])
    }

    @Test func theSameAlertIsToldOnceInAPeriodAndScope() {
        let seen = Seen()
        let log = LogRecorder()
        let alerts = OperationalAlerts { alert in seen.names.withLock { $0.append(alert.name) } }
        let start = Date(timeIntervalSince1970: 0)
        let alert = OperationalAlert(name: "idempotency.degraded", severity: .error, attributes: ["namespace": "a"])
        for (seconds, scope) in [(0.0, "a"), (59, "a"), (1, "b"), (60, "a"), (30, "a")] {
            alerts.raise(
                alert,
                atMostEvery: .seconds(60),
                scope: scope,
                now: start.addingTimeInterval(seconds),
                logger: log.logger
            )
        }
        // The last of a clock that was set back: better twice than never.
        #expect(seen.names.withLock { $0.count } == 4)
        #expect(log.messages.count == 4)
        #expect(log.handler.entries.first?.level == .error)
        #expect(log.handler.entries.first?.metadata["namespace"] == "a")
    }

    @Test func hashesNeedASecret() {
        #expect(TelemetryHash(secret: nil).hash("id") == nil)
        #expect(TelemetryHash(secret: "").hash("id") == nil)
        // RFC 4231, test case 2.
        #expect(
            TelemetryHash(secret: "Jefe").hash("what do ya want for nothing?")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        )
    }
}
