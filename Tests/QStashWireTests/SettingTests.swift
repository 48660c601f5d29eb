import QStashWire
import Testing

@Suite struct FlowControlTests {
    private static let observed =
        "Upstash-Flow-Control-Value should be either rate=X or parallelism=Y, or both as comma-separated values"

    @Test(arguments: [
        ("parallelism=5, rate=10, period=1m", FlowControl(key: "k", parallelism: 5, rate: 10, periodSeconds: 60)),
        ("rate=1", FlowControl(key: "k", rate: 1)),
        ("parallelism=2147483647", FlowControl(key: "k", parallelism: 2_147_483_647)),
        ("period=7d,rate = 3", FlowControl(key: "k", rate: 3, periodSeconds: 604_800)),
        ("RATE=3,period=90", FlowControl(key: "k", rate: 3, periodSeconds: 90)),
    ])
    func settingsComeInAnyOrder(value: String, control: FlowControl) throws {
        #expect(try FlowControl.parse(key: "k", value: value) == control)
    }

    @Test(arguments: [
        "", ",", "rate", "rate=", "rate=x", "rate=-1", "rate=1.5", "rate=1,rate=2", "period=1s", "speed=1,rate=1",
        "rate=1,,parallelism=1", "rate=0", "parallelism=0", "rate=2147483648", "rate=99999999999999999999", "rate=1=2",
        "rate=1,parallelism=1,period=1s,period=1s", String(repeating: "rate=1,", count: 100_000),
    ])
    func badValuesGiveTheTextThatClientsKnow(value: String) {
        let error = #expect(throws: WireError.self) { try FlowControl.parse(key: "k", value: value) }
        #expect(error?.code == .flowControlInvalid)
        #expect(error?.message.hasPrefix(Self.observed) == true)
    }

    @Test(arguments: [
        "rate=1,period=0s", "rate=1,period=8d", "rate=1,period=604801s", "rate=1,period=-1s", "rate=1,period=",
    ])
    func thePeriodIsBounded(value: String) {
        let error = #expect(throws: WireError.self) { try FlowControl.parse(key: "k", value: value) }
        #expect(error?.code == .flowControlInvalid)
        #expect(error?.message.contains("period must be a duration from 1s to 604800s") == true)
    }

    @Test func theKeyIsAnyTextOfBoundedLength() throws {
        for key in ["a/b%2F c", "schlüssel", String(repeating: "k", count: 512)] {
            #expect(try FlowControl.parse(key: key, value: "rate=1").key == key)
        }
        for key in ["", "a\nb", String(repeating: "k", count: 513)] {
            let error = #expect(throws: WireError.self) { try FlowControl.parse(key: key, value: "rate=1") }
            #expect(error?.code == .flowControlInvalid)
        }
    }
}

@Suite struct LabelsTests {
    @Test(arguments: [
        ("billing,eu", ["billing", "eu"]), (" a ,, b ", ["a", "b"]), ("", []), (",", []), ("a,a,b", ["a", "b"]),
        ("grün", ["grün"]),
    ])
    func labelsAreTrimmedAndEmptyOnesDropped(text: String, labels: [String]) throws {
        #expect(try Labels.parse(text) == labels)
    }

    @Test func numberAndLengthAreBounded() throws {
        let many = (0..<64).map { "l\($0)" }.joined(separator: ",")
        #expect(try Labels.parse(many).count == 64)
        let long = String(repeating: "x", count: 256)
        #expect(try Labels.parse(long) == [long])
        for text in [many + ",one", long + "x", String(repeating: ",", count: 1_000_000)] {
            let error = #expect(throws: WireError.self) { try Labels.parse(text) }
            #expect(error?.code == .labelInvalid)
        }
    }
}

@Suite struct RedactFieldsTests {
    @Test(arguments: [
        ("body,header[Authorization]", RedactFields(body: true, headerNames: ["Authorization"])),
        ("header", RedactFields(allHeaders: true)),
        ("headers", RedactFields(allHeaders: true)),
        ("headers[x-a], header[X-A],header[ x-b ]", RedactFields(headerNames: ["X-A", "X-B"])),
        ("header[x],header,BODY", RedactFields(body: true, allHeaders: true)),
    ])
    func fieldsAreReadAndWritten(text: String, fields: RedactFields) throws {
        #expect(try RedactFields.parse(text) == fields)
        #expect(try RedactFields.parse(fields.text) == fields)
    }

    @Test(arguments: [
        "", ",", "bodies", "header[", "header[]", "header[a", "header[a b]", "header[a]x", "[a]", "header]a[",
        (0..<65).map { "header[x\($0)]" }.joined(separator: ","),
    ])
    func otherTextsAreRefused(text: String) {
        let error = #expect(throws: WireError.self) { try RedactFields.parse(text) }
        #expect(error?.code == .redactInvalid)
    }

    @Test func headersAreMatchedInAnyCase() throws {
        let some = try RedactFields.parse("header[Authorization]")
        #expect(some.redacts(headerNamed: "authorization"))
        #expect(!some.redacts(headerNamed: "X-Other"))
        #expect(RedactFields(allHeaders: true).redacts(headerNamed: "X-Other"))
        #expect(!RedactFields(body: true).redacts(headerNamed: "X-Other"))
    }
}

@Suite struct WireNameTests {
    @Test(arguments: ["a", "A.b_c-9", String(repeating: "x", count: 256)])
    func namesOfTheContractAreAccepted(name: String) throws {
        #expect(try WireName.checked(name, header: "Upstash-Queue-Name") == name)
    }

    @Test(arguments: ["", "a b", "a/b", "ä", "a:", "a\0", String(repeating: "x", count: 257)])
    func otherNamesAreRefused(name: String) {
        let error = #expect(throws: WireError.self) { try WireName.checked(name, header: "Upstash-Queue-Name") }
        #expect(error?.code == .nameInvalid)
        #expect(error?.message.hasPrefix("Upstash-Queue-Name") == true)
    }
}
