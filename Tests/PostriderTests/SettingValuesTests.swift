import Testing

@testable import postrider

@Suite struct SettingValuesTests {
    @Test func flagBeatsEnvironmentBeatsFile() throws {
        let file = Array(#"{"port": 1, "drain": "1s", "region": "FILE"}"#.utf8)
        let environment = ["POSTRIDER_PORT": "2", "POSTRIDER_DRAIN": "2s"]
        let values = try SettingValues(flags: ["port": "3"], environment: environment, file: file)
        #expect(values.number("port") == 3)
        #expect(values.seconds("drain") == 2)
        #expect(values.text("region") == "FILE")
    }

    @Test func namesOfTheProtocolAreAcceptedAndOursWin() throws {
        let values = try SettingValues(flags: [:], environment: ["QSTASH_TOKEN": "theirs"], file: nil)
        #expect(values.text("token") == "theirs")
        let both = try SettingValues(
            flags: [:],
            environment: ["QSTASH_TOKEN": "theirs", "POSTRIDER_TOKEN": "ours"],
            file: nil
        )
        #expect(both.text("token") == "ours")
    }

    @Test(
        arguments: [
            (["prot": "1"], [:], nil, "prot"),
            ([:], ["POSTRIDER_PROT": "1"], nil, "POSTRIDER_PROT"),
            ([:], [:], #"{"prot": 1}"#, "prot"),
            (["port": "eighty"], [:], nil, "port"),
            (["port": "65536"], [:], nil, "port"),
            ([:], ["POSTRIDER_DRAIN": "-1s"], nil, "drain"),
            ([:], [:], #"{"log-level": "loud"}"#, "log-level"),
            ([:], [:], "[]", "configuration file"),
            (["token": "secret-of-somebody"], [:], nil, "token"),
        ] as [([String: String], [String: String], String?, String)]
    )
    func whatIsWrongIsNamed(flags: [String: String], environment: [String: String], file: String?, name: String) {
        let error = #expect(throws: SettingError.self) {
            try SettingValues(flags: flags, environment: environment, file: file.map { Array($0.utf8) })
        }
        #expect(error?.description.contains(name) == true)
    }

    @Test func aSecretIsNeverShown() {
        let error = #expect(throws: SettingError.self) {
            let values = try SettingValues(flags: [:], environment: ["POSTRIDER_TOKENS": "a:short"], file: nil)
            return try ServePlan(values)
        }
        #expect(error?.description.contains("short") == false)
    }

    @Test func anEmptyVariableSaysNothing() throws {
        let values = try SettingValues(flags: [:], environment: ["POSTRIDER_PORT": ""], file: nil)
        #expect(values.number("port") == 8_080)
    }
}
