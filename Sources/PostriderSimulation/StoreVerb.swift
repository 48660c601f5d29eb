/// The verbs of a store, as names for faults and counts.
package enum StoreVerb: Hashable, Sendable, CaseIterable {
    case accept
    case settle
    case cancel
    case pendingInPartitions
    case pendingInLane
    case pendingCount
    case load
    case message
    case attempt
    case log
    case deadLetters
    case deleteDeadLetters
    case redrive
    case signingKeys
    case updateSigningKeys

    /// Whether the verb may change what is stored.
    package var isWrite: Bool {
        switch self {
        case .accept, .settle, .cancel, .deleteDeadLetters, .redrive, .updateSigningKeys: true
        default: false
        }
    }
}
