import HTTPTypes
import ServiceLifecycle
import Synchronization

/// Receives deliveries for `postrider listen`: judges, shows and answers them, and says when it has had enough.
final class ListenSession: Sendable {
    /// How deliveries are shown.
    struct Display: Sendable {
        var isJSON: Bool
        var hasBody: Bool
        var style: Style
        /// The terminal's columns; nil without one.
        var width: Int?
    }

    /// Ends when as many deliveries were answered as were asked for.
    let finished: AsyncStream<Never>

    private struct State {
        /// Verified deliveries so far.
        var verifiedCount = 0
        /// Of those, the ones that are answered.
        var answeredCount = 0
    }

    private let verifier: DeliveryVerifier
    private let script: AnswerScript
    private let display: Display
    private let countMax: Int?
    private let context: CommandContext
    private let layout: TableLayout
    private let finish: AsyncStream<Never>.Continuation
    private let state = Mutex(State())

    /// - Parameter countMax: How many verified deliveries are taken; nil for any number.
    init(
        verifier: DeliveryVerifier,
        script: AnswerScript,
        display: Display,
        countMax: Int?,
        context: CommandContext
    ) {
        self.verifier = verifier
        self.script = script
        self.display = display
        self.countMax = countMax
        self.context = context
        (finished, finish) = AsyncStream.makeStream(of: Never.self)
        layout = TableLayout(
            columns: [
                .init("TIME"), .init("CODE"), .init("SIGNED"), .init("RETRY", .trailing), .init("BYTES", .trailing),
                .init("MESSAGE"), .init("REQUEST"),
            ],
            widths: [8, 4, 8, 5, 8, 26, 60],
            width: display.width
        )
    }

    /// Shows where deliveries are taken.
    func begin(url: String, port: Int, keys: String) throws {
        if display.isJSON {
            context.output.write(try JSONOutput.line(ListenRecord.listening(url: url, port: port, keys: keys)))
        } else {
            let keys = VisibleText.line(keys)
            context.errors.write("listening on \(url); signing keys of \(keys); stop with Ctrl-C\n")
            context.output.write(layout.header(style: display.style))
        }
    }

    /// Takes one delivery.
    func answer(_ delivery: ReceivedDelivery) async -> DeliveryAnswer {
        let verdict = verifier.verdict(on: delivery)
        guard verdict.isVerified else {
            let answer = Self.refusal(of: delivery)
            show(delivery, verdict, status: answer.status)
            return answer
        }
        let index = state.withLock { state in
            defer { state.verifiedCount += 1 }
            return state.verifiedCount
        }
        // Came while the last one that was asked for is being answered: the sender shall try it again with somebody else.
        if let countMax, index >= countMax { return DeliveryAnswer(status: 503) }
        let answer = script.answer(index)
        show(delivery, verdict, status: answer.status)
        if script.delay > .zero {
            let (clock, delay) = (context.clock, script.delay)
            // Told to stop meanwhile, it answers at once.
            try? await cancelWhenGracefulShutdown { try await clock.sleep(for: delay) }
        }
        let answeredCount = state.withLock { state in
            state.answeredCount += 1
            return state.answeredCount
        }
        if answeredCount == countMax { finish.finish() }
        return answer
    }

    private static func refusal(of delivery: ReceivedDelivery) -> DeliveryAnswer {
        let isTooLarge = delivery.body == nil
        return DeliveryAnswer(
            status: isTooLarge ? 413 : 401,
            fields: [.contentType: "application/json"],
            body: Array((isTooLarge ? #"{"error":"the body is too large"}"# : #"{"error":"invalid signature"}"#).utf8)
        )
    }

    private func show(_ delivery: ReceivedDelivery, _ verdict: DeliveryVerifier.Verdict, status: Int) {
        guard !display.isJSON else {
            let record = ListenRecord.delivery(delivery, verdict, status: status, hasBody: display.hasBody)
            // A record is made of texts and numbers, which always encode.
            if let line = try? JSONOutput.line(record) { context.output.write(line) }
            return
        }
        var text = layout.line(
            [
                .init(TimeText.time(delivery.receivedAt), .faint),
                .init(String(status), (200...299).contains(status) ? .good : .bad),
                verdict.isVerified ? .init("verified", .good) : .init("REFUSED", .bad),
                .init(delivery.retried.map { String($0) } ?? "-"),
                .init(delivery.body.map { String($0.count) } ?? "-"),
                .init(delivery.messageID ?? "-"),
                .init("\(delivery.method.rawValue) \(delivery.target)"),
            ],
            style: display.style
        )
        if case .refused(let check) = verdict {
            text += "  " + display.style.text("REFUSED: \(RefusalText.of(check))", .bad) + "\n"
        }
        if display.hasBody, let body = delivery.body {
            for line in BodyText.lines(of: body) { text += "  \(line)\n" }
        }
        // One write, so that deliveries that come together do not mix.
        context.output.write(text)
    }
}
