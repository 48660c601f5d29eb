package import PostriderCore
package import QStashWire
import Synchronization

/// The world outside as a script: what each request is answered with, and after how long.
package final class ScriptedDestination: DeliveryTransport {
    /// One answer of the script.
    package struct Reply: Sendable {
        package var afterMilliseconds: Int64
        package var outcome: AttemptOutcome

        package init(afterMilliseconds: Int64 = 0, outcome: AttemptOutcome) {
            self.afterMilliseconds = afterMilliseconds
            self.outcome = outcome
        }

        /// An answer with a status.
        package static func status(
            _ status: Int,
            headers: [HeaderField] = [],
            body: [UInt8] = [],
            afterMilliseconds: Int64 = 0
        ) -> Reply {
            Reply(
                afterMilliseconds: afterMilliseconds,
                outcome: .answered(DeliveryAnswer(status: status, headers: headers, body: body, isTruncated: false))
            )
        }
    }

    /// One request as it arrived.
    package struct Arrival: Sendable {
        package var at: Timestamp
        package var request: DeliveryRequest

        /// The value of a header; nil when it was not sent.
        package func header(_ name: String) -> String? { request.headers.first { $0.isNamed(name) }?.value }
    }

    private struct State {
        var arrivals: [Arrival] = []
        var open: [String: Int] = [:]
        var openMax: [String: Int] = [:]
        /// Messages with an attempt open, by id: two at once is a fault of the broker.
        var openMessages: Set<String> = []
        var doublyOpened: [String] = []
    }

    private let clock: any BrokerClock
    private let crash: CrashSwitch
    private let script: @Sendable (DeliveryRequest) async -> Reply
    private let state = Mutex(State())

    /// - Parameters:
    ///   - crash: Once thrown, nothing arrives any more.
    ///   - script: Called once for each request. However long it runs, it takes no time of the clock.
    package init(
        clock: any BrokerClock,
        crash: CrashSwitch = CrashSwitch(),
        script: @escaping @Sendable (DeliveryRequest) async -> Reply
    ) {
        self.clock = clock
        self.crash = crash
        self.script = script
    }

    /// Everything that arrived, in order.
    package var arrivals: [Arrival] { state.withLock { $0.arrivals } }

    /// Forgets what has arrived; what is open stays open.
    package func forgetArrivals() { state.withLock { $0.arrivals = [] } }

    /// The most requests that were open at once to an origin.
    package func openMax(origin: String) -> Int { state.withLock { $0.openMax[origin] ?? 0 } }

    /// Ids of messages that had two attempts open at once.
    package var doublyOpened: [String] { state.withLock { $0.doublyOpened } }

    package func send(_ request: DeliveryRequest) async -> AttemptOutcome {
        let abandoned = AttemptOutcome.failed(AttemptFailure(code: .abandoned, detail: "the broker stopped"))
        guard !crash.isThrown else { return abandoned }
        let now = clock.now
        let origin = request.url.origin
        let id = request.headers.first { $0.isNamed("Upstash-Message-Id") }?.value ?? ""
        state.withLock { state in
            state.arrivals.append(Arrival(at: now, request: request))
            let open = state.open[origin, default: 0] + 1
            state.open[origin] = open
            state.openMax[origin] = max(open, state.openMax[origin] ?? 0)
            if !state.openMessages.insert(id).inserted { state.doublyOpened.append(id) }
        }
        defer {
            state.withLock { state in
                state.open[origin, default: 0] -= 1
                state.openMessages.remove(id)
            }
        }
        var reply = await script(request)
        if reply.afterMilliseconds > request.timeoutMilliseconds {
            let failure = AttemptFailure(code: .timedOut, detail: "context deadline exceeded")
            reply = Reply(afterMilliseconds: request.timeoutMilliseconds, outcome: .failed(failure))
        }
        if reply.afterMilliseconds > 0 {
            do {
                try await clock.sleep(until: now.adding(milliseconds: reply.afterMilliseconds))
            } catch {
                return abandoned
            }
        }
        return crash.isThrown ? abandoned : reply.outcome
    }
}
