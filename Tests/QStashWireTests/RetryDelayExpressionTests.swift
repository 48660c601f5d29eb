import QStashWire
import Testing

@Suite struct RetryDelayExpressionTests {
    @Test(
        arguments: [
            ("pow(2, retried) * 1000", [1_000, 2_000, 4_000]),
            ("1000 * retried", [0, 1_000, 2_000]),
            ("1000", [1_000, 1_000, 1_000]),
            ("1000 * (1 + retried)", [1_000, 2_000, 3_000]),
            ("max(1000, pow(2, retried) * 100)", [1_000, 1_000, 1_000]),
            ("min(pow(3, retried) * 1000, 300000)", [1_000, 3_000, 9_000]),
            ("10 - 2 - 3", [5, 5, 5]),
            ("100 / 10 / 5", [2, 2, 2]),
            ("2 + 3 * 4", [14, 14, 14]),
            ("--5", [5, 5, 5]),
            ("2 * -retried + 10", [10, 8, 6]),
            (".5 * 10 + 1.", [6, 6, 6]),
            ("sqrt(16) + abs(-3) + floor(1.9) + ceil(1.1) + round(2.5)", [13, 13, 13]),
            ("exp(0) * 7", [7, 7, 7]),
            ("\t1+1 ", [2, 2, 2]),
            ("min(pow(10, 400), 60000)", [60_000, 60_000, 60_000]),
        ] as [(String, [Int64])]
    )
    func formulasGiveMilliseconds(text: String, delays: [Int64]) throws {
        let expression = try RetryDelayExpression(parsing: text)
        try expression.validate(retries: 3)
        #expect(expression.text == text)
        #expect(delays.indices.map { expression.delayMilliseconds(retried: $0) } == delays)
    }

    @Test(arguments: [
        "", " ", "+1", "1 +", "1 1", "()", "(1", "1)", "pow(1)", "pow(1, 2, 3)", "pow", "sqrt()", "sqrt(1, 2)",
        "foo(1)",
        "retries", "Retried", "retried()", "2 ^ 3", "5 % 2", "1e3", "1..2", ".", "1,2", "0x10", "1;2", "ä", "1\n+1",
        "retried2", "--", "*2", "\0",
    ])
    func whatTheGrammarDoesNotHaveIsRefused(text: String) {
        let error = #expect(throws: WireError.self) { try RetryDelayExpression(parsing: text) }
        #expect(error?.code == .expressionInvalid)
        #expect(error?.message.hasPrefix("Upstash-Retry-Delay is not a valid expression") == true)
    }

    @Test func lengthIsBounded() throws {
        let fitting = String(repeating: "1+", count: 127) + "10"
        #expect(try RetryDelayExpression(parsing: fitting).delayMilliseconds(retried: 0) == 137)
        for text in [fitting + "0", String(repeating: "1", count: 5_000_000)] {
            let error = #expect(throws: WireError.self) { try RetryDelayExpression(parsing: text) }
            #expect(error?.code == .expressionInvalid)
        }
    }

    @Test(arguments: ["(", "-", "abs(", "min(1,"])
    func depthIsBounded(opening: String) {
        let text = String(repeating: opening, count: 200)
        let error = #expect(throws: WireError.self) { try RetryDelayExpression(parsing: text, bytesMax: 100_000) }
        #expect(error?.message.contains("nests deeper") == true)
    }

    @Test func thirtyLevelsAreFine() throws {
        let text = String(repeating: "(", count: 30) + "7" + String(repeating: ")", count: 30)
        #expect(try RetryDelayExpression(parsing: text).delayMilliseconds(retried: 0) == 7)
    }

    @Test(arguments: [
        ("1 / retried", 1), ("pow(10, 400)", 1), ("sqrt(-1)", 1), ("1 / (retried - 2)", 3), ("0 / 0", 1),
        ("min(0 / 0, 5)", 1), ("max(5, 0 / 0)", 1), ("exp(1000)", 1), ("-1 / 0", 1),
    ])
    func resultsThatAreNotFiniteAreRefused(text: String, retries: Int) throws {
        let expression = try RetryDelayExpression(parsing: text)
        let error = #expect(throws: WireError.self) { try expression.validate(retries: retries) }
        #expect(error?.code == .expressionInvalid)
        #expect(throws: Never.self) { try expression.validate(retries: retries - 1) }
    }

    @Test func onlyTheFirst128RetriesAreTried() throws {
        let expression = try RetryDelayExpression(parsing: "1000 / (128 - retried)")
        try expression.validate(retries: .max)
        #expect(expression.delayMilliseconds(retried: 128) == 86_400_000)
    }

    @Test(
        arguments: [
            ("-1", 0), ("0 - pow(10, 300)", 0), ("pow(10, 300)", 86_400_000), ("86400001", 86_400_000),
            ("86400000", 86_400_000), ("0 / 0", 86_400_000), ("-1 / 0", 86_400_000), ("1.4", 1), ("1.5", 2),
            ("86399999.9", 86_400_000),
        ] as [(String, Int64)]
    )
    func resultsAreClampedToADay(text: String, delay: Int64) throws {
        #expect(try RetryDelayExpression(parsing: text).delayMilliseconds(retried: 0) == delay)
    }

    @Test func anyNumberOfRetriesIsSafe() throws {
        let expression = try RetryDelayExpression(parsing: "retried")
        #expect(expression.delayMilliseconds(retried: .max) == 86_400_000)
        #expect(expression.delayMilliseconds(retried: .min) == 0)
    }

    @Test func refusalsNameTheHeader() {
        let error = #expect(throws: WireError.self) {
            try RetryDelayExpression(parsing: "1 +", header: "Upstash-Callback-Retry-Delay")
        }
        #expect(error?.message.hasPrefix("Upstash-Callback-Retry-Delay is not a valid expression at its end") == true)
    }
}
