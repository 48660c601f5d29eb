import QStash
import QStashWire
import Testing

/// Formulas of the waits between repetitions (wire reference, section 6.2).
@Suite struct RetryDelayTests {
    @Test func constantIsTheSameEveryTime() throws {
        #expect(RetryDelay.constant(.seconds(5)).expression == "5000")
        #expect(RetryDelay.constant(.milliseconds(1)).expression == "1")
    }

    @Test func doublingDoublesUpToItsBound() throws {
        let delay = RetryDelay.doubling(from: .seconds(1), max: .seconds(5))
        let parsed = try RetryDelayExpression(parsing: delay.expression, header: "x")
        #expect((0..<4).map { parsed.delayMilliseconds(retried: $0) } == [1_000, 2_000, 4_000, 5_000])
    }

    @Test func beyondAllCountingIsTheMostThereIs() throws {
        #expect(RetryDelay.constant(.seconds(Int64.max)).expression == "\(Int64.max)")
        #expect(RetryDelay.doubling(from: .seconds(1), max: .seconds(Int64.max)).expression.contains("\(Int64.max)"))
        #expect(RetryDelay.constant(.microseconds(600)).expression == "1")
    }

    @Test(arguments: [RetryDelay.constant(.seconds(-5)), .constant(.seconds(Int64.min)), "-5000"])
    func negativeWaitIsRefused(_ delay: RetryDelay) async throws {
        let error = try await refusal {
            try await $0.publish(to: Sample.hook, options: PublishOptions(retryDelay: delay))
        }
        #expect(error.code == .optionInvalid && error.option == "retryDelay")
    }

    @Test func literalIsTheFormulaItself() {
        let delay: RetryDelay = "1000 * (1 + retried)"
        #expect(delay.expression == "1000 * (1 + retried)" && "\(delay)" == delay.expression)
    }
}
