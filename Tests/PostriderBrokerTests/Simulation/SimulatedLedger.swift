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

    private struct State {
        var accepted: [MessageKey: Entry] = [:]
        var byDeduplicationID: [String: Set<MessageKey>] = [:]
        /// Messages whose removal was confirmed, with the number of requests that had arrived by then.
        var removed: [MessageKey: Int] = [:]
        var order: [MessageKey] = []
    }

    private let state = Mutex(State())

    var accepted: [Entry] {
        state.withLock { state in state.order.compactMap { state.accepted[$0] } }
    }

    var removed: [MessageKey: Int] { state.withLock { $0.removed } }

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

    func noteRemoved(_ key: MessageKey, arrivals: Int) {
        state.withLock { $0.removed[key] = arrivals }
    }

    func any(_ choice: UInt64) -> MessageKey? {
        state.withLock { state in
            state.order.isEmpty ? nil : state.order[Int(choice % UInt64(state.order.count))]
        }
    }
}
