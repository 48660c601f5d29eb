extension MemoryState {
    func pending(in partitions: PartitionRange, after: PendingPosition?, limit: Int) -> [PendingEntry] {
        let start = after.map { order.firstIndex(above: $0) } ?? 0
        let entries = order.elements[start...].lazy.compactMap { waiting[$0.key]?.entry }
        return Array(entries.filter { partitions.contains($0.lane.partition) }.prefix(max(0, limit)))
    }

    func pending(in lane: Lane, from: PendingPosition, limit: Int) -> [PendingEntry] {
        guard let laneOrder = laneOrders[lane] else { return [] }
        let positions = laneOrder.elements[laneOrder.firstIndex(atOrAbove: from)...]
        return positions.prefix(max(0, limit)).compactMap { waiting[$0.key]?.entry }
    }

    func load(_ keys: [MessageKey]) -> [WaitingMessage] {
        keys.compactMap { key in
            guard let place = waiting[key], let message = messages[key] else { return nil }
            return WaitingMessage(message: message, entry: place.entry, isCancelRequested: place.isCancelRequested)
        }
    }
}
