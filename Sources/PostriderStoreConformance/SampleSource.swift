import PostriderCore
import QStashWire
import Synchronization

/// Makes messages, attempts and settlements with keys that rise and times that stand still.
final class SampleSource: Sendable {
    /// The moment at which everything happens unless a check says otherwise.
    static let start = Timestamp(milliseconds: 1_800_000_000_000)

    private let lastKey = Mutex(MessageKey(at: SampleSource.start, node: 0, counter: 0).rawValue)

    /// A key above all before.
    func key() -> MessageKey {
        lastKey.withLock { last in
            last += 1
            return MessageKey(rawValue: last)
        }
    }

    /// A message.
    ///
    /// - Parameter due: Milliseconds after ``start`` at which its first attempt may start.
    func message(
        due: Int64 = 0,
        to url: String = "https://example.com/hook",
        account: Account = .standard,
        createdAt: Timestamp = start,
        settings: MessageSettings = MessageSettings(),
        body: MessageBody = .bytes(Array("hello".utf8))
    ) throws -> Message {
        Message(
            key: key(),
            account: account,
            destination: try DestinationURL(parsing: url),
            createdAt: createdAt,
            notBefore: Self.start.adding(milliseconds: due),
            settings: settings,
            body: body
        )
    }

    /// An attempt of a message, one second long.
    func attempt(_ message: Message, _ verdict: Attempt.Verdict, retried: Int = 0, due: Int64? = nil) -> Attempt {
        Attempt(
            key: key(),
            message: message.key,
            account: message.account,
            retried: retried,
            startedAt: Self.start,
            endedAt: Self.start.adding(milliseconds: 1_000),
            verdict: verdict,
            status: verdict == .delivered ? 200 : 500,
            error: verdict == .delivered ? nil : "the destination answered 500",
            responseHeaders: [HeaderField(name: "Content-Type", value: "text/plain")],
            responseBody: Array("answer".utf8),
            nextDue: due.map { Self.start.adding(milliseconds: $0) }
        )
    }

    /// The settlement of a delivery.
    func delivered(_ message: Message, callbacks: [Message] = []) -> Settlement {
        Settlement(
            attempt: attempt(message, .delivered),
            deadLetter: nil,
            callbacks: callbacks,
            failureCallback: nil
        )
    }

    /// The settlement of a failure that is tried again.
    ///
    /// - Parameter due: Milliseconds after ``start`` of the next attempt.
    func retry(_ message: Message, due: Int64, retried: Int = 0) -> Settlement {
        Settlement(
            attempt: attempt(message, .retry, retried: retried, due: due),
            deadLetter: nil,
            callbacks: [],
            failureCallback: nil
        )
    }

    /// The settlement of a failure that ends its message.
    ///
    /// - Parameter at: Milliseconds after ``start`` of the failure.
    func failed(_ message: Message, at: Int64 = 0, failureCallback: Message? = nil) -> Settlement {
        let id = DeadLetterID(failedAt: Self.start.adding(milliseconds: at), message: message.key)
        return Settlement(
            attempt: attempt(message, .failed),
            deadLetter: id,
            callbacks: [],
            failureCallback: failureCallback
        )
    }

    /// A request to cancel a message.
    func cancellation(_ message: Message, isOpen: Bool = false) -> Cancellation {
        Cancellation(message: message.key, key: key(), at: Self.start, isOpen: isOpen)
    }
}
