import QStash
import Testing

/// A cancelled task leaves at once, with `CancellationError`.
@Suite struct CancellationTests {
    /// Never answers; tells when it was asked, and ends as it is told when the task is cancelled.
    private struct SilentTransport: QStashTransport {
        let asked: AsyncStream<Void>.Continuation
        let ending: any Error

        func send(
            _ request: QStashRequest,
            timeout: Duration,
            answerBytesMax: Int
        ) async throws -> QStashResponse {
            asked.yield()
            try await untilCancelled()
            throw ending
        }
    }

    /// A clock on which no wait ends.
    private struct StoppedClock: Clock {
        typealias Instant = RecordingClock.Instant

        let asked: AsyncStream<Void>.Continuation

        var now: Instant { Instant(offset: .zero) }
        var minimumResolution: Duration { .zero }

        func sleep(until deadline: Instant, tolerance: Duration?) async throws {
            asked.yield()
            try await untilCancelled()
            throw CancellationError()
        }
    }

    @Test func whileTheServerIsSilent() async throws {
        let (questions, asked) = AsyncStream.makeStream(of: Void.self)
        let transport = SilentTransport(asked: asked, ending: CancellationError())
        let client = try QStashClient(token: "t", transport: transport)
        try await expectCancellation(after: questions) { _ = try await client.queues.list() }
    }

    @Test func whenTheConnectionFailsBecauseOfIt() async throws {
        let (questions, asked) = AsyncStream.makeStream(of: Void.self)
        let transport = SilentTransport(asked: asked, ending: QStashTransportError(reach: .unsent, detail: "closed"))
        let client = try QStashClient(token: "t", transport: transport)
        try await expectCancellation(after: questions) { _ = try await client.queues.list() }
    }

    @Test func betweenRepetitions() async throws {
        let (questions, asked) = AsyncStream.makeStream(of: Void.self)
        let transport = ScriptedTransport(.unsent)
        let client = try QStashClient.over(transport, retry: .standard, clock: StoppedClock(asked: asked))
        try await expectCancellation(after: questions) { _ = try await client.queues.list() }
        #expect(transport.requests.count == 1)
    }

    private func expectCancellation(
        after questions: AsyncStream<Void>,
        of call: @escaping @Sendable () async throws -> Void
    ) async throws {
        let task = Task { try await call() }
        for await _ in questions { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}

/// Returns when the task is cancelled.
private func untilCancelled() async throws {
    let (nothing, continuation) = AsyncStream.makeStream(of: Never.self)
    await withTaskCancellationHandler {
        for await _ in nothing {}
    } onCancel: {
        continuation.finish()
    }
}
