package import ArgumentParser
import QStash
import UnixSignals

/// `postrider events`: the log of what happened to messages, the newest last; with `--follow` also what happens from now on.
package struct EventsCommand: AsyncParsableCommand {
    private static let countMax = 10_000

    /// How the command is called.
    package static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Shows the log of what happened to messages, the newest last.",
        discussion: "With --follow it goes on until Ctrl-C, through restarts of the server, and shows every entry once."
    )

    @Flag(name: .shortAndLong, help: "Go on with what happens from now on.")
    var follow = false

    @Option(help: .init("How often --follow asks the server.", valueName: "duration"))
    var every = DurationArgument(.seconds(1))

    @Option(help: "How many of the latest entries are shown; 0 with --follow for none.")
    var count = 20

    @Option(name: .customLong("message"), help: .init("Entries of this message; may be repeated.", valueName: "id"))
    var messages: [String] = []

    @Option(name: .customLong("state"), help: "Entries of this state, such as failed; may be repeated.")
    var states: [EventStateArgument] = []

    @OptionGroup(title: "Conditions") var filter: FilterOptions
    @OptionGroup(title: "Conditions") var place: PlaceOptions
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Output") var output: OutputOptions

    /// The defaults.
    package init() {}

    /// Refuses what cannot work before anything is sent.
    package func validate() throws {
        let least = follow ? 0 : 1
        guard (least...Self.countMax).contains(count) else {
            throw ValidationError("--count is \(least) to \(Self.countMax)")
        }
        guard every.duration >= .milliseconds(100), every.duration <= .seconds(3_600) else {
            throw ValidationError("--every is 100ms to 1h")
        }
        if follow, filter.to != nil { throw ValidationError("--follow and --to exclude each other") }
    }

    /// Shows the entries; with `--follow` until SIGINT or SIGTERM.
    package func run() async throws {
        try await output.run { context in
            if follow {
                try await follow(in: context, stoppingOn: [.sigint, .sigterm])
            } else {
                try await list(in: context)
            }
        }
    }

    private var eventFilter: EventFilter { filter.events(messages: messages, states: states, place: place) }

    private func lines(in context: CommandContext) -> EventLines {
        EventLines(isJSON: output.isJSON, style: output.style(in: context), width: context.terminal?.columns)
    }

    private func list(in context: CommandContext) async throws {
        let client = try server.client(in: context)
        let lines = lines(in: context)
        let found = try await FlagNames.translating {
            let pages = client.events.all(matching: eventFilter, pageSize: min(count, EventTail.pageSize))
            var found: [EventRecord] = []
            for try await event in pages {
                found.append(EventRecord(event))
                if found.count == count { break }
            }
            return found
        }
        if found.isEmpty, !output.isJSON {
            try context.remark("no entries", isJSON: output.isJSON)
        } else {
            context.output.write(try lines.table(of: found.reversed()))
        }
    }

    /// Follows the log until one of the signals, or until the task is cancelled; both are a good end.
    func follow(in context: CommandContext, stoppingOn signals: [UnixSignal]) async throws {
        // To begin with, the client repeats its calls; later on the follower does, and says so.
        let login = try server.login(in: context)
        let patient = try login.access(in: context).client
        let client = try login.access(in: context, configuration: .init(retry: .never)).client
        let filter = eventFilter
        let lines = lines(in: context)
        let count = count
        let follower = EventFollower(
            context: context,
            every: every.duration,
            serverName: client.baseURL,
            isJSON: output.isJSON
        )
        do {
            try await Self.running(until: signals) {
                var tail = EventTail()
                let latest = try await FlagNames.translating {
                    try await tail.begin(count: count) { size, cursor in
                        try await patient.events.page(matching: filter, countMax: size, after: cursor)
                    }
                }
                context.output.write(lines.header + (try lines.text(of: latest)))
                try await follower.follow(&tail) { size, cursor in
                    try await client.events.page(matching: filter, countMax: size, after: cursor)
                } show: { records in
                    context.output.write(try lines.text(of: records))
                }
            }
        } catch is CancellationError {
            return
        }
    }

    /// Does the work until it ends or a signal comes, which cancels it.
    private static func running(
        until signals: [UnixSignal],
        _ work: @escaping @Sendable () async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await work() }
            if !signals.isEmpty {
                group.addTask { for await _ in await UnixSignalsSequence(trapping: signals) { return } }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }
}
