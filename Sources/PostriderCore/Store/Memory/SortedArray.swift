/// An array that is always in order and holds no element twice.
///
/// Elements mostly arrive at the end, where inserting is cheap; the memory store is for tests and simulations, so that moving
/// the rest on an insertion in the middle is no concern.
struct SortedArray<Element: Comparable> {
    private(set) var elements: [Element] = []

    var count: Int { elements.count }

    /// Inserts an element; one that is there stays as it is.
    mutating func insert(_ element: Element) {
        guard let last = elements.last, element <= last else {
            elements.append(element)
            return
        }
        let index = firstIndex(atOrAbove: element)
        if elements[index] != element { elements.insert(element, at: index) }
    }

    /// Removes an element if it is there.
    mutating func remove(_ element: Element) {
        let index = firstIndex(atOrAbove: element)
        if index < elements.count, elements[index] == element { elements.remove(at: index) }
    }

    /// The index of the first element that is not below `bound`; the count when there is none.
    func firstIndex(atOrAbove bound: Element) -> Int {
        partitionIndex { $0 < bound }
    }

    /// The index of the first element above `bound`; the count when there is none.
    func firstIndex(above bound: Element) -> Int {
        partitionIndex { $0 <= bound }
    }

    /// How many elements at the beginning satisfy the predicate, which must hold for a prefix only.
    func partitionIndex(_ belongsToPrefix: (Element) -> Bool) -> Int {
        var low = 0
        var high = elements.count
        while low < high {
            let middle = low + (high - low) / 2
            if belongsToPrefix(elements[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
