import PostriderAddressGuard
import Synchronization
import Testing

@Suite struct HostResolverTests {
    /// Answers from a table and counts what it is asked.
    private final class ScriptedLookup: HostLookup {
        let answers: [String: HostResolution]
        let asked = Mutex<[String]>([])

        init(_ answers: [String: HostResolution] = [:]) {
            self.answers = answers
        }

        func resolution(of host: String) -> HostResolution {
            asked.withLock { $0.append(host) }
            return answers[host] ?? .noSuchHost
        }
    }

    /// Holds work and timers until the test lets them go.
    private final class HeldWork: LookupThreads, DeadlineTimer {
        private let threads = Mutex<[@Sendable () -> Void]>([])
        private let timers = Mutex<[@Sendable () -> Void]>([])

        func start(_ work: @escaping @Sendable () -> Void) {
            threads.withLock { $0.append(work) }
        }

        func schedule(afterMilliseconds milliseconds: Int64, _ body: @escaping @Sendable () -> Void) {
            timers.withLock { $0.append(body) }
        }

        func runThreads() {
            for work in threads.withLock({ held in
                defer { held = [] }
                return held
            }) { work() }
        }

        func fireTimers() {
            for body in timers.withLock({ held in
                defer { held = [] }
                return held
            }) { body() }
        }
    }

    private final class Answers: Sendable {
        let all = Mutex<[HostResolution]>([])
        var taken: [HostResolution] { all.withLock { $0 } }
        func take(_ resolution: HostResolution) { all.withLock { $0.append(resolution) } }
    }

    private let work = HeldWork()
    private let answers = Answers()

    private func resolver(_ lookup: ScriptedLookup) -> HostResolver {
        HostResolver(lookup: lookup, threads: work, timer: work, nanoseconds: { 0 })
    }

    @Test(arguments: [
        ("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("2130706433", "127.0.0.1"), ("0x7f.1", "127.0.0.1"),
        ("0177.0.0.1", "127.0.0.1"), ("127.1.", "127.0.0.1"), ("::ffff:7f00:1", "::ffff:127.0.0.1"),
    ])
    func addressesInAnyFormNeedNoLookup(host: String, address: String) async throws {
        let lookup = ScriptedLookup()
        let expected = HostResolution.addresses([try #require(IPAddress(address))])
        #expect(await resolver(lookup).resolve(host: host) == expected)
        #expect(lookup.asked.withLock { $0 } == [])
    }

    @Test(arguments: ["", "a b", "a\u{0}b", "bücher.example", String(repeating: "a", count: 255), "a\nb"])
    func hostsThatCannotBeNamesAreNotLookedUp(host: String) async {
        let lookup = ScriptedLookup()
        #expect(await resolver(lookup).resolve(host: host) == .noSuchHost)
        #expect(lookup.asked.withLock { $0 } == [])
    }

    @Test func callersShareOneLookupWhateverTheCase() {
        let found = HostResolution.addresses([IPAddress(v4: 0x0A00_0001)])
        let lookup = ScriptedLookup(["example.com": found])
        let resolver = resolver(lookup)
        resolver.resolve(host: "example.com", whenDone: answers.take)
        resolver.resolve(host: "EXAMPLE.com", whenDone: answers.take)
        #expect(answers.taken == [])
        work.runThreads()
        #expect(answers.taken == [found, found])
        #expect(lookup.asked.withLock { $0 } == ["example.com"])
    }

    @Test func aLookupThatIsOverdueAnswersOnceAndOnlyTimedOut() {
        let resolver = resolver(ScriptedLookup())
        resolver.resolve(host: "slow.example", whenDone: answers.take)
        work.fireTimers()
        work.runThreads()
        work.fireTimers()
        #expect(answers.taken == [.timedOut])
    }

    @Test func anAnswerInTimeIsNotFollowedByATimeOut() {
        let resolver = resolver(ScriptedLookup())
        resolver.resolve(host: "gone.example", whenDone: answers.take)
        work.runThreads()
        work.fireTimers()
        #expect(answers.taken == [.noSuchHost])
    }

    @Test func theSystemKnowsLocalhost() async throws {
        guard case .addresses(let addresses) = await HostResolver.system().resolve(host: "localhost") else {
            Issue.record("localhost has no address")
            return
        }
        #expect(addresses.allSatisfy { AddressKind(of: $0) == .loopback })
    }
}
