/// The server-sent events of one job, as chunks of bytes to be sent as they come.
///
/// To be iterated once. It ends after the event `done`, or when the task that iterates is cancelled; a comment goes out every 15 seconds
/// when there is nothing else to tell, so that a connection that is gone is noticed.
public struct JobEventStream: AsyncSequence, Sendable {
    private let source: JobEventSource

    init(source: JobEventSource) {
        self.source = source
    }

    /// Gives the chunks.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate var source: JobEventSource

        /// The next chunk; nil when the job has ended and everything is told, or the task is cancelled.
        public mutating func next() async -> [UInt8]? { await source.next() }
    }

    /// Begins the stream.
    public func makeAsyncIterator() -> AsyncIterator { AsyncIterator(source: source) }
}
