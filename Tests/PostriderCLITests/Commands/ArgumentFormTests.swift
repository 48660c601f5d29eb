import Foundation
import HTTPTypes
import QStash
import Testing

@testable import PostriderCLI

@Suite struct ArgumentFormTests {
    @Test(
        arguments: [
            ("0", 0), ("1767225600", 1_767_225_600), ("253402300799", 253_402_300_799),
            ("2026-01-01T00:00:00Z", 1_767_225_600), ("2026-01-01t00:00:00z", 1_767_225_600),
            ("2026-01-01T02:00:00+02:00", 1_767_225_600), ("2026-01-01T00:00:00.25Z", 1_767_225_600.25),
        ] as [(String, Double)]
    )
    func aMomentIsISOOrSeconds(text: String, seconds: Double) {
        #expect(MomentArgument(argument: text)?.date.timeIntervalSince1970 == seconds)
    }

    @Test(
        arguments: [
            "", "tomorrow", "1767225600000", "-1", "1.5", "2026-13-01T00:00:00Z", "1969-12-31T23:59:59Z", "2026-01-01",
            "12:00",
            "99999999999999999999",
        ]
    )
    func otherMomentsAreRefused(text: String) {
        #expect(MomentArgument(argument: text) == nil)
    }

    @Test func aHeaderIsNameAndValue() {
        #expect(HeaderArgument(argument: "X-A=b=c")?.field.value == "b=c")
        #expect(HeaderArgument(argument: "X-A=")?.field.value == "")
        for text in ["X-A", "=b", "X A=b", "X-A=b\r\nX-C: d", "X-A= b"] {
            #expect(HeaderArgument(argument: text) == nil, "\(text)")
        }
    }

    @Test func redactionsAddUp() {
        #expect(Redaction([]) == nil)
        #expect(Redaction([.body]) == Redaction(body: true))
        #expect(Redaction([.header(named: "A"), .header(named: "B")]) == Redaction(headers: .named(["A", "B"])))
        #expect(Redaction([.header(named: "A"), .headers, .body]) == .everything)
        #expect(RedactArgument(argument: "headers[X-A]") == .header(named: "X-A"))
        for text in ["", "header[]", "header[", "x"] { #expect(RedactArgument(argument: text) == nil) }
    }

    @Test func statesAreReadInAnySpelling() {
        #expect(EventStateArgument(argument: "cancel-requested")?.state == .cancelRequested)
        #expect(EventStateArgument(argument: "CANCELLED")?.state == .cancelled)
        #expect(EventStateArgument(argument: "In_Progress")?.state == .inProgress)
        #expect(EventStateArgument(argument: "lost") == nil)
    }

    @Test(
        arguments: [
            "{}", "[]", "1", "-0.5", "1E+2", "0", #""a""#, "null", "true", #" {"a":[1,{"b":null}],"c":[[]]} "#,
            #""\u00e9\n\\""#,
        ]
    )
    func jsonIsJSON(text: String) {
        #expect(JSONCheck.isJSON(Array(text.utf8)))
    }

    @Test(
        arguments: [
            "", "{", "{}}", "[1,]", "{'a':1}", "nul", #""a"#, "01", "1.", "-", "1e", "01a", #"{"a" 1}"#, #"{"a":1,}"#,
            #""\x""#, #""\u12g4""#, "\"\n\"", "[1 2]", "{1:2}", String(repeating: "[", count: 600),
            String(repeating: "[", count: 600) + String(repeating: "]", count: 600),
        ]
    )
    func otherTextIsNot(text: String) {
        #expect(!JSONCheck.isJSON(Array(text.utf8)))
    }

    @Test func standardInputIsReadToItsEnd() throws {
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(repeating: 7, count: 10_000))
        try pipe.fileHandleForWriting.close()
        let bytes = try BodySource.read(descriptor: pipe.fileHandleForReading.fileDescriptor, name: "standard input")
        #expect(bytes == [UInt8](repeating: 7, count: 10_000))
    }

    @Test func aBodyWithoutEndIsCut() throws {
        let pipe = Pipe()
        pipe.fileHandleForWriting.write(Data(repeating: 7, count: 10_000))
        let error = #expect(throws: CommandFailure.self) {
            try BodySource.read(
                descriptor: pipe.fileHandleForReading.fileDescriptor,
                name: "standard input",
                bytesMax: 9_999
            )
        }
        #expect(error?.code == "body_too_large" && error?.status == .dataRefused)
    }

    @Test func idsGoAHundredAtATime() {
        #expect(Array(0..<250).chunks().map(\.count) == [100, 100, 50])
        #expect([Int]().chunks().isEmpty)
    }
}
