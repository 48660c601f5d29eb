import Testing

@testable import PostriderSQL

@Suite struct TransactionLineTests {
    private func transaction(_ id: Int) -> QueuedTransaction {
        QueuedTransaction(
            id: id,
            perform: { _ in PerformedTransaction(notifications: []) {} },
            fail: { _ in }
        )
    }

    @Test func theFirstBeginsTheDrainAndOthersJoinIt() {
        var line = TransactionLine(countMax: 10, takenMax: 2)
        let arrivals = (1...3).map { line.enter(transaction($0)) }
        #expect(arrivals == [.drain, .wait, .wait])
        let first = line.take().map(\.id)
        #expect(first == [1, 2])
        let arrival4 = line.enter(transaction(4))
        #expect(arrival4 == .wait)
        let second = line.take().map(\.id)
        #expect(second == [3, 4])
        let third = line.take().map(\.id)
        #expect(third == [])
        let arrival5 = line.enter(transaction(5))
        #expect(arrival5 == .drain)
    }

    @Test func aDrainGoesOnOnlyWhenMoreCame() {
        var line = TransactionLine(countMax: 10, takenMax: 10)
        _ = line.enter(transaction(1))
        _ = line.take()
        _ = line.enter(transaction(2))
        let goesOn = line.goesOn()
        #expect(goesOn)
        _ = line.take()
        let goesOnAgain = line.goesOn()
        #expect(!goesOnAgain)
        let arrival = line.enter(transaction(3))
        #expect(arrival == .drain)
    }

    @Test func theLineIsBounded() {
        var line = TransactionLine(countMax: 2, takenMax: 2)
        let arrivals = (1...3).map { line.enter(transaction($0)) }
        #expect(arrivals == [.drain, .wait, .full])
    }

    @Test func whoeverLeavesIsNotTaken() {
        var line = TransactionLine(countMax: 10, takenMax: 10)
        for id in 1...3 { _ = line.enter(transaction(id)) }
        let left = line.leave(2)
        #expect(left?.id == 2)
        let taken = line.take().map(\.id)
        #expect(taken == [1, 3])
        let late = line.leave(1)
        #expect(late == nil)
    }

    @Test func whatWaitsWhenItClosesIsStillTaken() {
        var line = TransactionLine(countMax: 10, takenMax: 10)
        _ = line.enter(transaction(1))
        let isFirst = line.close()
        let isSecond = line.close()
        #expect(isFirst && !isSecond)
        let arrival2 = line.enter(transaction(2))
        #expect(arrival2 == .closed)
        let taken = line.take().map(\.id)
        #expect(taken == [1])
    }
}
