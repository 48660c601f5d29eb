import PostriderCore
import Testing

@Suite struct MessageIDTests {
    @Test(arguments: [1, 62, 7_654_321, Int64.max] as [Int64], [0, 1, UInt64.max])
    func aTextStandsForItsKeyAndStore(key: Int64, store: UInt64) throws {
        let id = MessageID(key: MessageKey(rawValue: key), store: StoreID(rawValue: store))
        #expect(id.description.hasPrefix("msg_"))
        #expect(id.description.utf8.count == 26)
        #expect(
            id.description.utf8.dropFirst(4).allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
            }
        )
        #expect(MessageID(id.description) == id)
    }

    @Test func twoStoresNeverShareAnID() {
        let ids = (0..<100 as Range<UInt64>).map {
            MessageID(key: MessageKey(rawValue: 5), store: StoreID(rawValue: $0)).description
        }
        #expect(Set(ids).count == 100)
    }

    @Test(arguments: [
        "", "msg_", "msg_1", "MSG_0000000000100000000001", "msg_00000000001000000000011", "msg_000000000010000000000",
        "msg_0000000000000000000001", "msg_zzzzzzzzzzz00000000001", "msg_00000000001!0000000001",
        "0000000000100000000001",
        "msg_\u{FF10}000000000100000000001",
    ])
    func anythingElseIsNoID(text: String) {
        #expect(MessageID(text) == nil)
    }
}
