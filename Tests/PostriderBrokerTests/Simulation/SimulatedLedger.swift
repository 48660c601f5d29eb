import PostriderCore
import Synchronization

@testable import PostriderBroker

/// What a simulated publisher was told: only this counts as acknowledged.
final class SimulatedLedger: Sendable {
    struct Entry: Sendable {
        var id: MessageID
        var retriesMax: Int
        var deduplicationID: String?
        var hasCallback: Bool
    }

    /// A confirmed cancel: in which life, after how many requests of that life, and whether an attempt was under way.
    struct Cancel: Sendable {
        var life: Int
        var arrivals: Int
        var wasOpen: Bool
    }

    private struct State {
        var accepted: [MessageKey: Entry] = [:]
        var byDeduplicationID: [String: Set<MessageKey>] = [:]
        /// Messages whose cancel was confirmed.
        var cancels: [MessageKey: Cancel] = [:]
        var order: [MessageKey] = []
    }

    private let state = Mutex(State())

    var accepted: [Entry] {
        state.withLock { state in state.order.compactMap { state.accepted[$0] } }
    }

    var cancels: [MessageKey: Cancel] { state.withLock { $0.cancels } }

    var deduplicated: [String: Set<MessageKey>] { state.withLock { $0.byDeduplicationID } }

    func note(_ receipt: PublishReceipt, retriesMax: Int, deduplicationID: String?, hasCallback: Bool) {
        state.withLock { state in
            if let deduplicationID { state.byDeduplicationID[deduplicationID, default: []].insert(receipt.id.key) }
            guard !receipt.isDuplicate, state.accepted[receipt.id.key] == nil else { return }
            state.order.append(receipt.id.key)
            state.accepted[receipt.id.key] = Entry(
                id: receipt.id,
                retriesMax: retriesMax,
                deduplicationID: deduplicationID,
                hasCallback: hasCallback
            )
        }
    }

    func note(_ cancel: Cancel, of key: MessageKey) {
        // The first confirmation is the one that binds.
        state.withLock { $0.cancels[key] = $0.cancels[key] ?? cancel }
    }

    func any(_ choice: UInt64) -> MessageKey? {
        state.withLock { state in
            state.order.isEmpty ? nil : state.order[Int(choice % UInt64(state.order.count))]
        }
    }
}
