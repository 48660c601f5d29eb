import HTTPTypes
import PostriderCore
import PostriderSimulation
import QStashWire

extension TestAnswer {
    /// The answer as the scripted destination gives it.
    func reply(to request: DeliveryRequest) -> ScriptedDestination.Reply {
        switch kind {
        case .response(let status, let headers, let body):
            let answer = DeliveryAnswer(
                status: status.code,
                headers: headers.map { HeaderField(name: $0.name.rawName, value: $0.value) },
                body: Array(body.prefix(request.responseBodyBytesMax)),
                isTruncated: body.count > request.responseBodyBytesMax
            )
            return ScriptedDestination.Reply(afterMilliseconds: delay.wholeMilliseconds, outcome: .answered(answer))
        case .refusal:
            let failure = AttemptFailure(
                code: .connectionRefused,
                detail: "\(request.url.host):\(request.url.port) refused the connection"
            )
            return ScriptedDestination.Reply(afterMilliseconds: delay.wholeMilliseconds, outcome: .failed(failure))
        case .silence:
            // Later than any time-out: the destination makes one of it.
            let failure = AttemptFailure(code: .timedOut, detail: "context deadline exceeded")
            return ScriptedDestination.Reply(afterMilliseconds: .max, outcome: .failed(failure))
        }
    }
}

extension ScriptedDestination.Reply {
    /// The reply of destinations whose test broker has been released.
    static let gone = ScriptedDestination.Reply(
        outcome: .failed(AttemptFailure(code: .abandoned, detail: "the test broker is gone"))
    )
}
