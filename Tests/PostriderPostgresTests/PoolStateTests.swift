#if Postgres
@testable import PostriderPostgres
import Testing

@Suite struct PoolStateTests {
    private typealias State = PoolState<Int, String>

    private let start = ContinuousClock.now

    private static func limits(_ change: (inout PostgresLimits) -> Void = { _ in }) -> PostgresLimits {
        var limits = PostgresLimits()
        limits.connectionCountMax = 2
        limits.waiterCountMax = 2
        change(&limits)
        return limits
    }

    @Test func opensUpToTheBoundThenLetsWaitThenRefuses() {
        var state = State(limits: Self.limits())
        #expect(state.request(now: start).isOpening)
        #expect(state.request(now: start).isOpening)
        for waiter in ["a", "b"] {
            guard case .wait = state.request(now: start) else { Issue.record("expected to wait"); return }
            state.enqueue(waiter, id: waiter == "a" ? 1 : 2)
        }
        guard case .refused(let error) = state.request(now: start) else { Issue.record("expected a refusal"); return }
        #expect(error.code == .poolExhausted)
        #expect(state.connectionCount == 2)
    }

    @Test func aConnectionGoesToTheFirstInLineAndOtherwiseRests() {
        var state = State(limits: Self.limits())
        _ = state.request(now: start)
        _ = state.request(now: start)
        state.enqueue("a", id: 1)
        state.enqueue("b", id: 2)
        #expect(state.leave(id: 1) == "a")
        #expect(state.leave(id: 1) == nil)
        #expect(state.put(7, openedAt: start, now: start)?.waiter == "b")
        #expect(state.put(7, openedAt: start, now: start) == nil)
        #expect(state.idle.map(\.connection) == [7])
        #expect(state.usedCount == 1)
    }

    @Test func aBrokenOneGivesTheFirstInLineTheRightToOpen() {
        var state = State(limits: Self.limits())
        _ = state.request(now: start)
        state.enqueue("a", id: 1)
        let next = state.remove()
        #expect(next?.waiter == "a")
        #expect(state.connectionCount == 1)
        #expect(state.remove() == nil)
        #expect(state.connectionCount == 0)
    }

    @Test func theOneUsedLastIsUsedFirstAndOthersGrowStale() {
        var state = State(limits: Self.limits { $0.idleTimeout = .seconds(60) })
        _ = state.request(now: start)
        _ = state.request(now: start)
        _ = state.put(1, openedAt: start, now: start)
        _ = state.put(2, openedAt: start, now: start + .seconds(30))
        #expect(state.takeStale(now: start + .seconds(59)) == [])
        #expect(state.takeStale(now: start + .seconds(60)) == [1])
        #expect(state.connectionCount == 1)
        guard case .granted(.existing(let connection, _)) = state.request(now: start) else {
            Issue.record("none"); return
        }
        #expect(connection == 2)
    }

    @Test func anOldConnectionIsNotTakenBack() {
        var state = State(limits: Self.limits { $0.connectionAgeMax = .seconds(100) })
        _ = state.request(now: start)
        #expect(state.put(1, openedAt: start, now: start + .seconds(100)) == nil)
        #expect(state.connectionCount == 0)
        #expect(state.idle.isEmpty)
    }

    @Test func theBackOffDoublesUpToItsBound() {
        let limits = Self.limits()
        let waits = (0...7).map { State.backoff(failures: $0, limits: limits) }
        #expect(waits == [0, 50, 100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
        #expect(State.backoff(failures: .max, limits: limits) == .seconds(1))
    }

    @Test func attemptsMadeAtOnceAreOneFailure() {
        var state = State(limits: Self.limits())
        let error = PostgresError(.connectionFailed, "away")
        for _ in 0..<5 { state.failedToConnect(error, begunAt: start, now: start + .milliseconds(5)) }
        #expect(state.failureCount == 1)
        #expect(state.nextAttemptAt == start + .milliseconds(55))
        state.failedToConnect(error, begunAt: start + .milliseconds(60), now: start + .milliseconds(70))
        #expect(state.nextAttemptAt == start + .milliseconds(170))
        #expect(state.exhausted == error)
        state.connected()
        #expect(state.nextAttemptAt == nil)
        #expect(state.exhausted.code == .poolExhausted)
    }

    @Test func aClosedPoolGivesNothing() {
        var state = State(limits: Self.limits())
        _ = state.request(now: start)
        _ = state.request(now: start)
        _ = state.put(1, openedAt: start, now: start)
        let ended = state.close()
        #expect(ended.connections == [1])
        #expect(ended.waiters.isEmpty)
        guard case .refused(let error) = state.request(now: start) else { Issue.record("expected a refusal"); return }
        #expect(error.code == .poolClosed)
        #expect(state.put(2, openedAt: start, now: start) == nil)
        #expect(state.connectionCount == 0)
    }

    @Test func namedStatementsLeaveInTheOrderOfUse() {
        func key(_ text: String) -> PreparedStatements.Key { PreparedStatements.Key(text: text, types: []) }
        var statements = PreparedStatements(countMax: 2)
        let first = statements.add(key("a"))
        let second = statements.add(key("b"))
        #expect(statements.name(of: key("a")) == first)
        _ = statements.add(key("c"))
        #expect(statements.name(of: key("b")) == nil)
        #expect(statements.name(of: key("a")) == first)
        #expect(statements.takeDiscarded() == [second])
        #expect(statements.takeDiscarded() == [])
        statements.forget(key("a"))
        #expect(statements.takeDiscarded() == [first])
        #expect(statements.count == 1)
    }

    @Test func aStatementIsItsTextAndItsTypes() {
        var statements = PreparedStatements(countMax: 8)
        let untyped = PreparedStatements.Key(text: "SELECT $1", types: [0])
        let typed = PreparedStatements.Key(text: "SELECT $1", types: [PostgresType.int8])
        let name = statements.add(untyped)
        #expect(statements.name(of: typed) == nil)
        // Without the number that counts them: the name says which statement it is.
        #expect(statements.add(typed).split(separator: "_").last != name.split(separator: "_").last)
        #expect(statements.name(of: untyped) == name)
    }

    @Test func aSessionThatLostANameIsToldAllAnew() {
        var statements = PreparedStatements(countMax: 8)
        let keys = (1...3).map { PreparedStatements.Key(text: "\($0)", types: []) }
        for key in keys { _ = statements.add(key) }
        statements.forget(keys[0])
        statements.reset()
        #expect(keys.allSatisfy { statements.name(of: $0) == nil })
        #expect(statements.takeDiscarded() == ["ALL"])
    }
}

extension PoolState.Request {
    fileprivate var isOpening: Bool {
        if case .granted(.opening) = self { true } else { false }
    }
}
#endif
