import PostriderCore
import Testing

@Suite struct DeadLetterIDTests {
    @Test func aTextStandsForItsMomentAndMessage() {
        let id = DeadLetterID(failedAt: Timestamp(milliseconds: 1_725_323_658_779), message: MessageKey(rawValue: 42))
        #expect(id.description == "1725323658779-42")
        #expect(DeadLetterID(id.description) == id)
    }

    @Test func theOrderIsThatOfTheFailures() {
        func id(_ at: Int64, _ key: Int64) -> DeadLetterID {
            DeadLetterID(failedAt: Timestamp(milliseconds: at), message: MessageKey(rawValue: key))
        }
        #expect([id(2, 1), id(1, 9), id(1, 2)].sorted() == [id(1, 2), id(1, 9), id(2, 1)])
    }

    @Test(arguments: [
        "", "-", "1", "1-", "-1", "1-0", "1-2-3", "+1-2", "1--2", "a-1", "1-a", " 1-2", "1-2 ",
        "1-99999999999999999999",
        "99999999999999999999-1", "\u{661}-1",
    ])
    func anythingElseIsNoID(text: String) {
        #expect(DeadLetterID(text) == nil)
    }
}
