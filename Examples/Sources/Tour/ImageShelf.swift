/// The images of the tour, by id, each with its width.
package actor ImageShelf {
    package private(set) var widths: [String: Int]
    package var isFull = false

    package init(_ widths: [String: Int] = [:]) {
        self.widths = widths
    }

    package func put(_ id: String, width: Int) { widths[id] = width }

    package func fill(_ isFull: Bool) { self.isFull = isFull }

    func width(of id: String) -> Int? { widths[id] }

    func resize(_ id: String, to width: Int) { widths[id] = width }
}
