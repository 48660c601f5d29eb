/// Turns the pieces of one stream into its events, one after another.
actor EventReader {
    private var parser = EventStreamParser()
    private let onEvent: @Sendable (EventStreamParser.Event) async throws -> Bool

    /// - Parameter onEvent: Gets each event; false ends the stream.
    init(onEvent: @escaping @Sendable (EventStreamParser.Event) async throws -> Bool) {
        self.onEvent = onEvent
    }

    /// Takes the next piece.
    ///
    /// - Returns: False when nothing more is wanted.
    /// - Throws: ``CommandFailure`` when the stream is none that a job has.
    func take(_ bytes: [UInt8]) async throws -> Bool {
        guard let events = parser.take(bytes) else {
            throw CommandFailure(
                .failure,
                code: "answer_invalid",
                "an event has more than \(EventStreamParser.bytesMax) bytes"
            )
        }
        for event in events where try await !onEvent(event) { return false }
        return true
    }
}
