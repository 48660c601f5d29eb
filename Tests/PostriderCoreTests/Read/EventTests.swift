import PostriderCore
import QStashWire
import Testing

@Suite struct EventTests {
    private static let created = Timestamp(milliseconds: 1_000)
    private static let started = Timestamp(milliseconds: 2_000)
    private static let ended = Timestamp(milliseconds: 3_000)

    private static func row(_ kind: LogRow.Kind) throws -> LogRow {
        let message = Message(
            key: MessageKey(rawValue: 10),
            account: .standard,
            destination: try DestinationURL(parsing: "https://one.example/"),
            createdAt: created,
            notBefore: created,
            settings: MessageSettings(),
            body: .bytes([])
        )
        return LogRow(key: MessageKey(rawValue: 11), message: message, kind: kind)
    }

    private static func attempt(_ verdict: Attempt.Verdict) -> LogRow.Kind {
        .attempt(
            Attempt(
                key: MessageKey(rawValue: 11),
                message: MessageKey(rawValue: 10),
                account: .standard,
                retried: 0,
                startedAt: started,
                endedAt: ended,
                verdict: verdict,
                status: 500,
                error: nil,
                responseHeaders: [],
                responseBody: [],
                nextDue: nil
            )
        )
    }

    @Test(arguments: [
        (Attempt.Verdict.delivered, [Event.State.active, .delivered]), (.retry, [.active, .error, .retry]),
        (.failed, [.active, .error, .failed]), (.canceled, [.active, .error, .canceled]),
    ])
    func anAttemptStandsForItsStartAndItsEnd(verdict: Attempt.Verdict, states: [Event.State]) throws {
        let events = Event.derived(from: try Self.row(Self.attempt(verdict)))
        #expect(events.map(\.state) == states)
        #expect(events.map(\.time) == [Self.started] + states.dropFirst().map { _ in Self.ended })
        #expect(events.map(\.position.index) == Array(0..<states.count))
        #expect(events.allSatisfy { $0.position.row == MessageKey(rawValue: 11) })
        #expect(events.allSatisfy { $0.position.index <= EventPosition.indexMax })
        #expect(events.map { $0.attempt == nil } == [true] + states.dropFirst().map { _ in false })
    }

    @Test func aMessageStandsForItsCreation() throws {
        let events = Event.derived(from: try Self.row(.created))
        #expect(events.map(\.state) == [.created])
        #expect(events[0].time == Self.created)
    }

    @Test(arguments: [(true, [Event.State.cancelRequested, .canceled]), (false, [.cancelRequested])])
    func aCancellationStandsForTheRequestAndPerhapsTheEnd(isRemoved: Bool, states: [Event.State]) throws {
        let events = Event.derived(from: try Self.row(.cancellation(at: Self.ended, isRemoved: isRemoved)))
        #expect(events.map(\.state) == states)
        #expect(events.allSatisfy { $0.time == Self.ended })
    }

    @Test(arguments: [
        ("CREATED", [Event.State.created]), ("ACTIVE", [.active]), ("RETRY", [.retry]), ("ERROR", [.error]),
        ("IN_PROGRESS", [.active, .retry, .error]), ("DELIVERED", [.delivered]), ("FAILED", [.failed]),
        ("CANCEL_REQUESTED", [.cancelRequested]), ("CANCELLED", [.canceled]), ("CANCELED", [.canceled]),
    ])
    func filterWordsStandForStates(word: String, states: [Event.State]) {
        #expect(EventFilter.states(named: word) == Set(states))
    }

    @Test(arguments: ["", "created", "SENT", "ACTIVE "])
    func otherWordsStandForNothing(word: String) {
        #expect(EventFilter.states(named: word) == nil)
    }

    private static func filter(_ states: Set<Event.State>?) -> EventFilter {
        EventFilter(account: .standard, messages: nil, states: states, isLatestFirst: true)
    }

    /// Every row there can be, with its stream and verdict.
    private static func rows() throws -> [(row: LogRow, stream: LogQuery.Stream, verdict: Attempt.Verdict?)] {
        try [(row(.created), .created, nil)]
            + Attempt.Verdict.allCases.map { (try row(attempt($0)), .attempt, $0) }
            + [true, false].map { (try row(.cancellation(at: ended, isRemoved: $0)), .cancellation, nil) }
    }

    @Test(arguments: Event.State.allCases)
    func whatAFilterReadsHoldsAllThatItAdmits(state: Event.State) throws {
        for states in [[state], [state, .delivered], [state, .canceled]] as [Set<Event.State>] {
            let filter = Self.filter(states)
            for (row, stream, verdict) in try Self.rows() {
                guard Event.derived(from: row).contains(where: filter.admits) else { continue }
                #expect(filter.streams.contains(stream), "\(states) of \(stream)")
                if let verdict { #expect(filter.verdicts?.contains(verdict) ?? true, "\(states) of \(verdict)") }
            }
        }
    }

    @Test func aFilterForOneStateReadsNoMoreThanItNeeds() {
        #expect(Self.filter([.created]).streams == [.created])
        #expect(Self.filter([.delivered]).streams == [.attempt])
        #expect(Self.filter([.delivered]).verdicts == [.delivered])
        #expect(Self.filter([.cancelRequested]).streams == [.cancellation])
        #expect(Self.filter(nil).streams == Set(LogQuery.Stream.allCases))
        #expect(Self.filter(nil).verdicts == nil)
        #expect(Self.filter([.active]).verdicts == nil)
    }

    @Test func aFingerprintTellsFiltersApart() {
        var filters = [Self.filter(nil), Self.filter([]), Self.filter([.created]), Self.filter([.created, .active])]
        var other = Self.filter(nil)
        other.isLatestFirst = false
        filters.append(other)
        other.account = Account(name: "other")
        filters.append(other)
        other.messages = []
        filters.append(other)
        other.messages = [MessageKey(rawValue: 1)]
        filters.append(other)
        other.messages = [MessageKey(rawValue: 1), MessageKey(rawValue: 2)]
        filters.append(other)
        other.messages = [MessageKey(rawValue: 12)]
        filters.append(other)
        #expect(Set(filters.map(\.fingerprint)).count == filters.count)
        #expect(Self.filter([.created, .active]).fingerprint == Self.filter([.active, .created]).fingerprint)
    }
}
