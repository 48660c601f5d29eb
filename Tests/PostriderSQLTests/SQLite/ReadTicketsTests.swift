import Testing

@testable import PostriderSQL

@Suite struct ReadTicketsTests {
    @Test func aCancelledReadDoesNotBeginWhateverTheOrder() {
        var tickets = ReadTickets()
        let (first, second) = (tickets.draw(), tickets.draw())
        let isUnderWay = tickets.cancel(first)
        #expect(!isUnderWay)
        // The second came to the connection before the first did.
        let second1 = tickets.begin(second)
        #expect(second1)
        tickets.end()
        let first1 = tickets.begin(first)
        #expect(!first1)
    }

    @Test func onlyTheReadUnderWayIsInterrupted() {
        var tickets = ReadTickets()
        let (first, second) = (tickets.draw(), tickets.draw())
        _ = tickets.begin(first)
        let other = tickets.cancel(second)
        let own = tickets.cancel(first)
        #expect(own && !other)
        tickets.end()
        let late = tickets.cancel(first)
        #expect(!late)
    }
}
