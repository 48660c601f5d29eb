import PostriderCore
import Synchronization

/// Raises a wake-up at one moment, which may be changed at any time.
final class Alarm: Sendable {
    private let clock: any BrokerClock
    private let target: Wakeup
    private let moment = Mutex<Timestamp?>(nil)
    private let change = Wakeup()

    init(clock: any BrokerClock, target: Wakeup) {
        self.clock = clock
        self.target = target
    }

    /// Rings at the moment instead of the one set before; nil for never.
    func set(_ next: Timestamp?) {
        let isChanged = moment.withLock { moment in
            defer { moment = next }
            return moment != next
        }
        if isChanged { change.raise() }
    }

    /// Keeps time until the task is cancelled.
    func run() async {
        while !Task.isCancelled {
            guard let next = moment.withLock({ $0 }) else {
                await change.wait()
                continue
            }
            await withTaskGroup(of: Bool.self) { group in
                group.addTask {
                    do { try await self.clock.sleep(until: next) } catch { return false }
                    return true
                }
                group.addTask {
                    await self.change.wait()
                    return false
                }
                let isDue = await group.next() ?? false
                if isDue {
                    self.moment.withLock { if $0 == next { $0 = nil } }
                    self.target.raise()
                }
                group.cancelAll()
            }
        }
    }
}
