import QStash

/// Asks for new entries of the log again and again, through restarts of the server.
struct EventFollower: Sendable {
    /// The longest wait while the server does not answer.
    static let pauseMax = Duration.seconds(30)

    let context: CommandContext
    /// The wait between two polls.
    let every: Duration
    /// What a person is told of a server that does not answer.
    let serverName: String
    /// Whether remarks are for programs.
    let isJSON: Bool

    /// Follows until the task is cancelled.
    ///
    /// - Throws: `CancellationError` then; `QStashError` when the server refuses, so that asking again would not help.
    func follow(
        _ tail: inout EventTail,
        read: EventTail.Reader,
        show: ([EventRecord]) throws -> Void
    ) async throws {
        var pause = every
        var isDown = false
        while true {
            try await context.clock.sleep(for: pause)
            do {
                try await tail.poll(after: pause, read: read, show: show)
                pause = every
                isDown = false
            } catch let error as QStashError where Self.mayPass(error.code) {
                guard isDown else {
                    isDown = true
                    pause = max(every, .seconds(1))
                    let server = VisibleText.line(serverName)
                    try context.remark(
                        "\(server) does not answer (\(error.code)); asking again until it does",
                        isJSON: isJSON
                    )
                    continue
                }
                pause = min(pause * 2, max(every, Self.pauseMax))
            }
        }
    }

    /// Whether a failure belongs to a server that restarts, is cut off, or has too much to do.
    private static func mayPass(_ code: QStashError.Code) -> Bool {
        switch code {
        case .unreachable, .timedOut, .serverFailure, .overloaded, .burstLimit: true
        default: false
        }
    }
}
