extension Array {
    /// The elements in order, 100 at a time: as many ids as every server takes in one call.
    func chunks(of size: Int = 100) -> [[Element]] {
        stride(from: 0, to: count, by: size).map { Array(self[$0..<Swift.min($0 + size, count)]) }
    }
}
