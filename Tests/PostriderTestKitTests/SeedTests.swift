import PostriderTestKit
import QStash
import Testing

@Suite struct SeedTests {
    /// What a broker with some work delivers, in order: when, where, and under which id.
    private func trace(seed: UInt64) async throws -> [String] {
        let broker = TestBroker(seed: seed)
        broker.answer("https://b.test", with: .status(500), .ok.after(.seconds(3)))
        broker.answer("https://c.test") { [client = broker.client] _ in
            try await client.publish(to: "https://d.test/from-c")
            return .ok
        }
        for number in 0..<10 {
            for host in ["a", "b", "c"] {
                try await broker.client.publish(.text("\(number)"), to: "https://\(host).test/\(number)")
            }
        }
        try await broker.settle()
        return broker.deliveries.map { "\($0.elapsed) \($0.url) \($0.messageID) \($0.signature ?? "")" }
    }

    @Test(arguments: [0, 1, 7, .max] as [UInt64])
    func theSameSeedIsTheSameRun(seed: UInt64) async throws {
        let first = try await trace(seed: seed)
        #expect(first.count == 50)
        #expect(try await trace(seed: seed) == first)
    }

    @Test func anotherSeedIsAnotherOrder() async throws {
        func order(_ trace: [String]) -> [Substring] { trace.map { $0.split(separator: " ")[2] } }
        let orders = [
            order(try await trace(seed: 1)), order(try await trace(seed: 2)), order(try await trace(seed: 3)),
        ]
        #expect(Set(orders).count == 3)
        #expect(Set(orders.map { $0.sorted() }).count == 1)
    }

    @Test func brokersSideBySideDoNotMeet() async throws {
        try await withThrowingTaskGroup(of: (Int, [String]).self) { group in
            for number in 0..<16 {
                group.addTask {
                    let broker = TestBroker()
                    broker.answer("https://a.test", with: .status(500), .ok)
                    try await broker.client.publish(.text("\(number)"), to: "https://a.test/x")
                    try await broker.settle()
                    return (number, broker.deliveries.map(\.text))
                }
            }
            for try await (number, texts) in group { #expect(texts == ["\(number)", "\(number)"]) }
        }
    }
}
