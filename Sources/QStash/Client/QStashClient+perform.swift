import HTTPTypes
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension QStashClient {
    /// Makes the call, again where that is safe, and returns the answer of the 2xx.
    ///
    /// - Throws: ``QStashError`` for anything else, `CancellationError` when the task was cancelled.
    func perform(_ call: APICall) async throws -> QStashResponse {
        let request = request(for: call)
        var retried = 0
        while true {
            switch try await attempt(request, repetition: call.repetition) {
            case .answered(let response):
                return response
            case .failed(let failure, let isRepeatable, let asked):
                guard isRepeatable, let delay = configuration.retry.delay(retried: retried, asked: asked) else {
                    throw failure
                }
                try await configuration.clock.sleep(for: delay)
                retried += 1
                logger.debug(
                    "call repeated",
                    metadata: ["code": "\(failure.code)", "retried": "\(retried)", "method": "\(call.method.rawValue)"]
                )
            }
        }
    }

    /// Makes the call and decodes the JSON of its answer.
    ///
    /// - Throws: ``QStashError`` with code `answer_invalid` when the answer is something else.
    func perform<Answer: Decodable>(_ call: APICall, as type: Answer.Type) async throws -> Answer {
        try Self.decode(type, from: try await perform(call))
    }

    /// The JSON of an answer.
    static func decode<Answer: Decodable>(
        _ type: Answer.Type,
        from response: QStashResponse
    ) throws(QStashError) -> Answer {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw QStashError(answerInvalid: response, because: error)
        }
    }

    private func request(for call: APICall) -> QStashRequest {
        var fields = call.fields
        fields[.authorization] = endpoint.authorization
        return QStashRequest(
            head: HTTPRequest(
                method: call.method,
                scheme: endpoint.scheme,
                authority: endpoint.authority,
                path: endpoint.pathPrefix + call.target,
                headerFields: fields
            ),
            body: call.body
        )
    }

    /// What one attempt led to.
    private enum AttemptResult {
        case answered(QStashResponse)
        case failed(QStashError, isRepeatable: Bool, asked: Duration?)
    }

    private func attempt(_ request: QStashRequest, repetition: APICall.Repetition) async throws -> AttemptResult {
        do {
            let response = try await transport.send(
                request,
                timeout: configuration.timeout,
                answerBytesMax: configuration.answerBytesMax
            )
            if response.head.status.kind == .successful { return .answered(response) }
            let failure = QStashError(refusal: response)
            let isRepeatable = Self.mayRepeat(repetition, after: response.head.status, code: failure.code)
            return .failed(failure, isRepeatable: isRepeatable, asked: Self.askedWait(response))
        } catch let error as QStashTransportError {
            // A cancelled task's connection may fail first; its caller waits for neither answer nor repetition.
            try Task.checkCancellation()
            return .failed(
                QStashError(error),
                isRepeatable: repetition == .harmless || error.reach == .unsent,
                asked: nil
            )
        }
    }

    private static func mayRepeat(
        _ repetition: APICall.Repetition,
        after status: HTTPResponse.Status,
        code: QStashError.Code
    ) -> Bool {
        // A new day is too far away to wait for.
        guard code != .dailyLimit else { return false }
        return switch repetition {
        case .harmless: status.code == 429 || status.kind == .serverError
        case .publishes: status.code == 429
        case .never: false
        }
    }

    /// How long the server asks to wait: `Retry-After` in seconds; nil when it does not say.
    private static func askedWait(_ response: QStashResponse) -> Duration? {
        guard let text = response.head.headerFields[.retryAfter], !text.isEmpty,
            text.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else { return nil }
        // A number of any length is a wish, and too long a one is a reason not to wait.
        return .seconds(min(Int64(text) ?? .max, 1_000_000_000))
    }
}
