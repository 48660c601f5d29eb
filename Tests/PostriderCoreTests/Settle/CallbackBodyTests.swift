import PostriderCore
import QStashWire
import Testing

@Suite struct CallbackBodyTests {
    private static let store = StoreID(rawValue: 7)

    private func render(
        body: MessageBody = .bytes(Array(#"{"n":1}"#.utf8)),
        callerIP: String = "203.0.113.9",
        status: Int = 200,
        deadLetter: DeadLetterID? = nil
    ) throws -> String {
        let message = Message(
            key: MessageKey(rawValue: 100),
            account: .standard,
            destination: try DestinationURL(parsing: "https://api.example.com/hook"),
            createdAt: Timestamp(milliseconds: 1_759_999_990_000),
            notBefore: Timestamp(milliseconds: 1_760_000_000_000),
            settings: MessageSettings(
                headers: [
                    HeaderField(name: "Content-Type", value: "application/json"),
                    HeaderField(name: "X-Tenant", value: "7"),
                    HeaderField(name: "X-Tenant", value: "8"),
                ],
                callerIP: callerIP
            ),
            body: body
        )
        let attempt = Attempt(
            key: MessageKey(rawValue: 101),
            message: message.key,
            account: .standard,
            retried: 1,
            startedAt: message.notBefore,
            endedAt: message.notBefore,
            verdict: .delivered,
            status: status,
            error: nil,
            responseHeaders: status == 0 ? [] : [HeaderField(name: "content-type", value: "application/json")],
            responseBody: status == 0 ? [] : Array(#"{"ok":true}"#.utf8),
            nextDue: nil
        )
        let bytes = CallbackBody.render(source: message, attempt: attempt, deadLetter: deadLetter, store: Self.store)
        return String(decoding: bytes, as: UTF8.self)
    }

    private var id: String { MessageID(key: MessageKey(rawValue: 100), store: Self.store).description }

    @Test func itIsTheContractsFieldForField() throws {
        let expected =
            #"{"status":200,"header":{"Content-Type":["application/json"]},"body":"eyJvayI6dHJ1ZX0=","retried":1,"#
            + #""maxRetries":3,"sourceMessageId":"\#(id)","url":"https://api.example.com/hook","method":"POST","#
            + #""sourceHeader":{"Content-Type":["application/json"],"X-Tenant":["7","8"]},"sourceBody":"eyJuIjoxfQ==","#
            + #""notBefore":1760000000000,"createdAt":1759999990000,"callerIP":"203.0.113.9"}"#
        #expect(try render() == expected)
    }

    @Test func aFailureCallbackNamesTheDeadLetter() throws {
        let letter = DeadLetterID(
            failedAt: Timestamp(milliseconds: 1_725_323_658_779),
            message: MessageKey(rawValue: 100)
        )
        let text = try render(deadLetter: letter)
        #expect(text.hasSuffix(#","dlqId":"1725323658779-100"}"#))
        #expect(try !render().contains("dlqId"))
    }

    @Test func withoutAnAnswerTheStatusIsZero() throws {
        #expect(try render(status: 0).hasPrefix(#"{"status":0,"header":{},"body":"","#))
    }

    @Test func anUnknownCallerIsLeftOut() throws {
        #expect(try !render(callerIP: "").contains("callerIP"))
    }

    @Test func aSourceWithoutBytesHasAnEmptyBody() throws {
        let source = CallbackSource(message: MessageKey(rawValue: 1), attempt: MessageKey(rawValue: 2), deadLetter: nil)
        #expect(try render(body: .callback(source)).contains(#""sourceBody":"","#))
        #expect(try render(body: .bytes([])).contains(#""sourceBody":"","#))
    }
}
