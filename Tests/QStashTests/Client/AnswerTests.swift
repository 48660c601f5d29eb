import Foundation
import QStash
import Testing

/// How answers become errors, by status, headers and body.
@Suite struct AnswerTests {
    @Test(arguments: [
        (301, QStashError.Code.badRequest), (304, .badRequest), (400, .badRequest), (401, .unauthorized),
        (402, .badRequest), (403, .forbidden), (404, .notFound), (405, .badRequest), (409, .conflict),
        (412, .quotaExceeded), (413, .tooLarge), (418, .badRequest), (429, .overloaded), (431, .badRequest),
        (500, .serverFailure), (501, .serverFailure), (503, .overloaded), (504, .serverFailure), (507, .overloaded),
        (599, .serverFailure),
    ])
    func everyStatusHasItsCode(status: Int, code: QStashError.Code) async throws {
        let error = try await error(.text(#"{"error":"text","code":"server_code"}"#, status: status))
        #expect(error.code == code && error.status == status)
        #expect(error.serverMessage == "text" && error.serverCode == "server_code" && error.detail == "text")
    }

    @Test(arguments: [
        ("RateLimit", QStashError.Code.dailyLimit), ("Burst-RateLimit", .burstLimit),
    ])
    func headersTellWhichLimitWasMet(prefix: String, code: QStashError.Code) async throws {
        let headers = ["\(prefix)-Limit": "100", "\(prefix)-Remaining": "0", "\(prefix)-Reset": "1760000000"]
        let error = try await error(.text("{}", status: 429, headers: headers))
        #expect(error.code == code)
        #expect(error.rateLimit == QStashError.RateLimit(limit: 100, remaining: 0, resetsAt: Sample.to))
    }

    @Test func limitsAreTriedInTheOrderOfTheJavaScriptClient() async throws {
        var headers = [
            "Burst-RateLimit-Limit": "3", "RateLimit-Limit": "2", "x-ratelimit-limit-requests": "1",
            "x-ratelimit-reset-requests": "6m5s",
        ]
        let chat = try await error(.text("{}", status: 429, headers: headers))
        #expect(chat.code == .chatLimit && chat.rateLimit == QStashError.RateLimit(limit: 1))
        headers["x-ratelimit-limit-requests"] = nil
        let daily = try await error(.text("{}", status: 429, headers: headers))
        #expect(daily.code == .dailyLimit && daily.rateLimit?.limit == 2)
    }

    @Test(arguments: ["tomorrow", "-1", "253402300800", "9223372036854775807", "99999999999999999999"])
    func numbersThatAreNoneAreLeftOut(reset: String) async throws {
        let headers = ["RateLimit-Limit": "many", "RateLimit-Remaining": "", "RateLimit-Reset": reset]
        let error = try await error(.text("{}", status: 429, headers: headers))
        #expect(error.code == .dailyLimit && error.rateLimit == QStashError.RateLimit())
    }

    @Test func limitsAreToldOfA429Alone() async throws {
        let error = try await error(.text("{}", status: 400, headers: ["RateLimit-Limit": "5"]))
        #expect(error.code == .badRequest && error.rateLimit == nil)
    }

    @Test(arguments: ["A\nlevel=error", "Upper", "with blank", "", String(repeating: "a", count: 65)])
    func codeThatIsNoNameIsNotKept(_ code: String) async throws {
        let body = try #require(String(data: JSONEncoder().encode(["error": "text", "code": code]), encoding: .utf8))
        let error = try await error(.text(body, status: 400))
        #expect(error.serverCode == nil && error.serverMessage == "text")
        #expect(!error.description.contains("\n"))
    }

    @Test(arguments: [
        ("<html>gone</html>", "<html>gone</html>"), ("", ""), ("[]", "[]"), (#"{"error":7}"#, #"{"error":7}"#),
        ("null", "null"), (#"{"error":"text","code":7}"#, "text"),
    ])
    func textThatIsNoErrorIsKeptAsItIs(body: String, message: String) async throws {
        let error = try await error(.text(body, status: 502))
        #expect(error.code == .serverFailure && error.serverMessage == message && error.serverCode == nil)
        #expect(!error.detail.isEmpty)
    }

    @Test func longTextIsCut() async throws {
        let long = String(repeating: "x", count: 100_000)
        for body in [long, #"{"error":"\#(long)"}"#] {
            let error = try await error(.text(body, status: 500))
            #expect(error.detail.utf8.count == 4_096 && error.serverMessage?.utf8.count == 4_096)
        }
    }

    @Test func descriptionHasNoTextOfTheServer() async throws {
        let error = try await error(.text(#"{"error":"secret","code":"c"}"#, status: 400))
        #expect(error.description == "QStashError bad_request, status 400, c")
        #expect(error.debugDescription == "QStashError bad_request, status 400, c: secret")
    }

    @Test(arguments: [
        ("", nil), ("OK", nil), ("7", nil), ("{}", nil), ("[7]", "[0]"), ("[{}]", "[0].name"),
        (#"[{"name":7}]"#, "[0].name"), (#"[{"name":""}]"#, "[0].name"),
        (#"[{"name":"a","createdAt":1,"updatedAt":1,"parallelism":"x"}]"#, "[0].parallelism"),
    ])
    func answerThatIsNoneIsRefusedWithItsPlace(body: String, place: String?) async throws {
        let error = try await error(.text(body))
        #expect(error.code == .answerInvalid && error.status == 200)
        let detail = "the server's answer is not what the protocol says" + (place.map { ", at \($0)" } ?? "")
        #expect(error.detail == detail)
    }

    @Test func brokenConnectionKeepsItsCause() async throws {
        let lost = try await error(.lost)
        #expect(lost.code == .unreachable && (lost.underlying as? QStashTransportError)?.reach == .unknown)
        let late = try await error(.failure(QStashTransportError(reach: .unknown, isTimeout: true, detail: "late")))
        #expect(late.code == .timedOut && late.status == nil && late.serverMessage == nil)
    }

    private func error(_ step: ScriptedTransport.Step) async throws -> QStashError {
        let client = try QStashClient.over(ScriptedTransport(step))
        return try await ExchangeCase.error { _ = try await client.queues.list() }
    }
}
