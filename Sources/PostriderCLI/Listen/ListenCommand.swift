package import ArgumentParser
import HTTPTypes
import Logging
import QStash
import ServiceLifecycle
import UnixSignals

/// `postrider listen`: receives deliveries on a local port, verifies and shows them, and answers what it is told.
package struct ListenCommand: AsyncParsableCommand {
    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "listen",
        abstract: "Receives deliveries on a local port, verifies their signatures and shows them.",
        discussion: """
            A delivery whose signature does not fit is shown as REFUSED with the check that failed, and answered 401. Signing keys \
            come from --current-key-file and --next-key-file, else from QSTASH_CURRENT_SIGNING_KEY and QSTASH_NEXT_SIGNING_KEY, \
            else from the server. Give up a message for good with --status 489 --header Upstash-NonRetryable-Error=true.
            """
    )

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 9000

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "What to answer: a status, or several in order such as 500,500,200, of which the last repeats.")
    var status = "200"

    @Option(help: "The body of the answers.")
    var body = ""

    @Option(name: .customLong("header"), help: "A header of the answers, as name=value; may be repeated.")
    var headers: [String] = []

    @Option(help: "How long to wait before answering, such as 2s.")
    var delay = DurationArgument(.zero)

    @Option(help: "Stop after so many verified deliveries.")
    var count: Int?

    @Option(help: "What senders put before the path, such as https://hooks.example.com: the signature must be for it.")
    var publicURL: String?

    @Flag(help: "Do not show bodies.")
    var noBody = false

    @OptionGroup var keys: SigningKeyOptions
    @OptionGroup var server: ServerOptions
    @OptionGroup var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Refuses what cannot work before anything is opened.
    package func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port is 0 to 65535") }
        guard AnswerScript.statuses(parsing: status) != nil else {
            throw ValidationError("--status is a status from 200 to 599, or several with commas between them")
        }
        if body.isRepaired || headers.contains(where: \.isRepaired) {
            throw ValidationError("--body and --header are UTF-8")
        }
        for header in headers where AnswerScript.field(parsing: header) == nil {
            throw ValidationError(
                "--header \(header.prefix(80)) is not name=value with a field that an answer can carry"
            )
        }
        if let count, count < 1 { throw ValidationError("--count is at least 1") }
        if let publicURL, !ServerURL(publicURL).isHTTP {
            throw ValidationError("--public-url begins with http:// or https:// and has a host")
        }
    }

    /// Listens until SIGINT, SIGTERM or the last delivery of `--count`.
    package func run() async throws {
        try await output.run { context in
            try await listen(in: context, stoppingOn: [.sigint, .sigterm])
        }
    }

    /// Listens until one of the signals, the last delivery of `--count`, or until the task is cancelled.
    func listen(in context: CommandContext, stoppingOn signals: [UnixSignal]) async throws {
        let (receiver, origin) = try await keys.receiver(in: context, server: server)
        let session = ListenSession(
            verifier: DeliveryVerifier(receiver: receiver, publicURL: publicURL),
            script: script,
            display: .init(
                isJSON: output.isJSON,
                hasBody: !noBody,
                style: output.style(in: context),
                width: context.terminal?.columns
            ),
            countMax: count,
            context: context
        )
        let listener = DeliveryListener(host: host, port: port, now: context.now) { delivery in
            await session.answer(delivery)
        }
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(
                        service: ListenService(listener: listener, session: session, host: host, keys: origin),
                        successTerminationBehavior: .gracefullyShutdownGroup
                    )
                ],
                gracefulShutdownSignals: signals,
                logger: Logger(label: "listen") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        try await group.run()
    }

    private var script: AnswerScript {
        AnswerScript(
            statuses: AnswerScript.statuses(parsing: status) ?? [200],
            fields: HTTPFields(headers.compactMap { AnswerScript.field(parsing: $0) }),
            body: Array(body.utf8),
            delay: delay.duration
        )
    }
}

/// The listener's life between the first delivery and the signal to stop.
private struct ListenService: Service {
    let listener: DeliveryListener
    let session: ListenSession
    let host: String
    let keys: String

    func run() async throws {
        try await listener.listening { port in
            let host = host.contains(":") ? "[\(host)]" : host
            try session.begin(url: "http://\(host):\(port)", port: port, keys: keys)
            for await _ in session.finished.cancelOnGracefulShutdown() {}
        }
    }
}
