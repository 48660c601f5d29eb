import PostriderCore

#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

extension TestBroker {
    /// Lets time pass: delivers whatever falls due, each attempt at its moment, and then stands at the end.
    ///
    /// `.zero` delivers what is due now. Handlers are waited for, however long they take in real time. Calls that come at once run one
    /// after another, in the order in which they came.
    ///
    /// - Parameter duration: A fraction of a millisecond counts as a whole one.
    /// - Throws: ``TestKitError``: `momentInvalid` for a negative duration, with which nothing happens; `destinationInvalid`,
    ///   `drivenByHandler`, `endless` and `shutDown` as described there. `CancellationError` when the task is cancelled: the clock then
    ///   stands where it had come to, and the next call goes on from there.
    public func advance(by duration: Duration) async throws {
        try answers.check()
        try await engine.advance { now throws(TestKitError) in try Self.checked(now.adding(duration), now: now) }
    }

    /// Lets time pass until a date; see ``advance(by:)``.
    ///
    /// - Parameter date: Taken to the millisecond next to it.
    /// - Throws: As ``advance(by:)``; `momentInvalid` also for a date in the past.
    public func advance(to date: Date) async throws {
        try answers.check()
        guard let moment = Timestamp(date) else { throw TestKitError.tooLate }
        try await engine.advance { now throws(TestKitError) in try Self.checked(moment, now: now) }
    }

    /// Lets time pass until nothing waits any more: no message for its time or its next attempt, no attempt for its answer.
    ///
    /// The clock then stands at the moment of the last of it.
    ///
    /// - Parameter duration: The bound; a week has room for seven retries with the default delays.
    /// - Throws: ``TestKitError`` with code `notSettled` when something waits at the bound, where the clock then stands; its `detail` says
    ///   what. Otherwise as ``advance(by:)``.
    public func settle(within duration: Duration = .seconds(7 * 86_400)) async throws {
        try answers.check()
        try await engine.settle { now throws(TestKitError) in
            // A bound may be as far away as one likes.
            try Self.checked(min(now.adding(duration), .last), now: now)
        }
    }

    /// Ends the broker and returns when nothing of it runs any more; what waits is never delivered.
    ///
    /// Calls of ``client`` fail from then on, and so do ``advance(by:)`` and its like. Handlers are forgotten, and one that is under
    /// way is cancelled and waited for, unless it is itself the caller.
    ///
    /// A broker that is released ends without it. It is for handlers that hold the broker itself, which would keep each other alive,
    /// and for tests that must not leave a handler running.
    public func shutDown() async {
        answers.forget()
        await engine.shutDown()
    }

    private static func checked(_ end: Timestamp, now: Timestamp) throws(TestKitError) -> Timestamp {
        guard end >= now else { throw .inPast(end, now: now) }
        guard end <= .last else { throw .tooLate }
        return end
    }
}
