/// The elements of a listing over all its pages.
///
/// ```swift
/// for try await event in client.events.all(matching: EventFilter(states: [.failed])) {
///     print(event.messageID)
/// }
/// ```
///
/// A page is asked for when the one before it is used up, and not before; leaving the loop asks for no more. Each loop over
/// the sequence begins anew. It throws what the call for a page throws, and ends then.
public struct Pages<Element: Sendable>: AsyncSequence, Sendable {
    private let load: @Sendable (Cursor?) async throws -> Page<Element>

    init(load: @escaping @Sendable (Cursor?) async throws -> Page<Element>) {
        self.load = load
    }

    /// An iterator that has asked for nothing yet.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(load: load)
    }

    /// Walks the pages.
    public struct AsyncIterator: AsyncIteratorProtocol {
        private let load: @Sendable (Cursor?) async throws -> Page<Element>
        private var waiting: ArraySlice<Element> = []
        private var cursor: Cursor?
        private var isAtEnd = false
        private var loop = CursorLoop()

        fileprivate init(load: @escaping @Sendable (Cursor?) async throws -> Page<Element>) {
            self.load = load
        }

        /// The next element; nil after the last.
        ///
        /// - Throws: What the call for a page throws; ``QStashError`` with code `answer_invalid` when the cursors lead in a circle.
        public mutating func next() async throws -> Element? {
            while waiting.isEmpty {
                guard !isAtEnd else { return nil }
                // Set before the call: whoever asks again after an error gets the end.
                isAtEnd = true
                let page = try await load(cursor)
                if let next = page.next { try loop.pass(next) }
                waiting = page.elements[...]
                cursor = page.next
                isAtEnd = page.next == nil
            }
            return waiting.popFirst()
        }
    }
}

/// Notices cursors that lead in a circle, in constant space: each is compared with one that lies ever further back (Brent's method).
struct CursorLoop {
    private var landmark: Cursor?
    private var steps = 0
    private var stepsMax = 1

    /// - Throws: ``QStashError`` with code `answer_invalid`.
    mutating func pass(_ cursor: Cursor) throws(QStashError) {
        guard cursor != landmark else {
            throw QStashError(.answerInvalid, "the server's cursors lead in a circle")
        }
        steps += 1
        guard steps >= stepsMax else { return }
        landmark = cursor
        steps = 0
        stepsMax *= 2
    }
}
