import PostriderCore
public import QStash
import QStashWire

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What went wrong in a test's use of ``TestBroker``.
///
/// What goes wrong between client and broker is a `QStashError`, as it is against any server.
public struct TestKitError: Error, Sendable, CustomStringConvertible {
    /// What went wrong: a stable name that programs may compare.
    public let code: Code

    /// What happened, in words for the one who reads the failing test.
    public let detail: String

    /// For `notSettled` the messages that wait, the next one first, at most 100; empty for every other code.
    public let waiting: [QStash.MessageID]

    init(_ code: Code, _ detail: String, waiting: [QStash.MessageID] = []) {
        self.code = code
        self.detail = detail
        self.waiting = waiting
    }

    /// Code and detail in one line.
    public var description: String { "\(code): \(detail)" }

    /// The most messages that ``waiting`` holds.
    static let waitingMax = 100
    /// How many of them ``detail`` names.
    private static let namedMax = 5
}

extension TestKitError {
    /// What went wrong: a stable name that programs may compare.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Name: String {
            case notSettled = "not_settled"
            case momentInvalid = "moment_invalid"
            case destinationInvalid = "destination_invalid"
            case drivenByHandler = "driven_by_handler"
            case endless
            case shutDown = "shut_down"
        }

        private let name: Name

        private init(_ name: Name) {
            self.name = name
        }

        /// The name as text.
        public var description: String { name.rawValue }

        /// Messages still wait at the bound of ``TestBroker/settle(within:)``.
        public static let notSettled = Code(.notSettled)
        /// A time lies in the past, or behind the year 2089, where message ids end.
        public static let momentInvalid = Code(.momentInvalid)
        /// A URL given to one of the `answer` functions is none that a message could be sent to.
        public static let destinationInvalid = Code(.destinationInvalid)
        /// A destination's handler moved the clock of the broker that waits for its answer.
        public static let drivenByHandler = Code(.drivenByHandler)
        /// Something goes on at one moment without end, such as a handler that publishes to itself: the moment brought about more than 10,000
        /// deliveries beside those that waited for it.
        public static let endless = Code(.endless)
        /// The broker has been shut down.
        public static let shutDown = Code(.shutDown)
    }
}

extension TestKitError {
    static let shutDown = TestKitError(.shutDown, "the test broker has been shut down")

    static let drivenByHandler = TestKitError(
        .drivenByHandler,
        "a handler cannot move the clock of the broker that waits for its answer; let the answer take its time with after(_:)"
    )

    static func endless(at moment: Timestamp) -> TestKitError {
        TestKitError(
            .endless,
            "something goes on without end at \(Self.text(moment)); does a handler publish to its own URL without a delay?"
        )
    }

    static func destinationInvalid(_ url: String, _ error: any Error) -> TestKitError {
        TestKitError(.destinationInvalid, "answer(\"\(url)\"): \(error)")
    }

    static func inPast(_ moment: Timestamp, now: Timestamp) -> TestKitError {
        TestKitError(.momentInvalid, "\(text(moment)) is before the present, \(text(now)): time only goes forward")
    }

    static let tooLate = TestKitError(.momentInvalid, "message ids end in the year 2089, and so does time")

    static func notSettled(
        _ waiting: [WaitingMessage],
        count: Int,
        at moment: Timestamp,
        storeID: StoreID
    ) -> TestKitError {
        let ids = waiting.map {
            QStash.MessageID(PostriderCore.MessageID(key: $0.entry.key, store: storeID).description)
        }
        let named = zip(waiting, ids).prefix(namedMax).map { waiting, id in
            // Query strings may carry secrets, and a test's output is often public.
            let url = waiting.message.destination.text.prefix { $0 != "?" }
            return "\(id) to \(url), attempt \(waiting.entry.retried + 1) at \(text(waiting.entry.due))"
        }
        let more = count > named.count ? [" and \(count - named.count) more"] : []
        let what = count == 0 ? "attempts are under way" : count == 1 ? "1 message waits" : "\(count) messages wait"
        return TestKitError(
            .notSettled,
            "\(what) at \(text(moment))" + (named.isEmpty ? "" : ": ") + (named + more).joined(separator: "; "),
            waiting: ids
        )
    }

    private static func text(_ moment: Timestamp) -> String { moment.date.formatted(.iso8601) }
}
