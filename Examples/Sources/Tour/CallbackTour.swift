package import HTTPTypes
package import QStash

/// Requests that the server makes about a message.
package enum CallbackTour {
    /// What a report's destination answers.
    package struct Report: Codable, Sendable, Hashable {
        /// How many pages it has.
        package var pages: Int

        /// A report.
        package init(pages: Int) {
            self.pages = pages
        }
    }

    /// What a callback tells.
    package enum Outcome: Sendable, Hashable {
        /// The destination has answered with a report.
        case ready(MessageID, Report)
        /// The message was given up.
        case failed(MessageID)
        /// An attempt failed, and there will be another.
        case delayed
    }

    /// One URL for the result of every attempt, one for the end of all attempts.
    package static func ask(_ client: QStashClient) async throws {
        try await client.publish(
            .json(["year": 2026]),
            to: "https://slow.example.com/reports",
            options: PublishOptions(
                callback: "https://api.example.com/reports/done",
                failureCallback: "https://api.example.com/reports/failed"
            )
        )
    }

    /// Options of the callback itself.
    package static func options(_ client: QStashClient, token: String) async throws {
        let callback = Callback(
            url: "https://api.example.com/reports/done",
            headers: [.authorization: "Bearer \(token)"],
            retries: 10,
            retryDelay: .constant(.seconds(30))
        )
        try await client.publish(
            .json(["year": 2026]),
            to: "https://slow.example.com/reports",
            options: PublishOptions(callback: callback)
        )
    }

    /// What the callback's route does with a request.
    package static func receive(
        _ body: [UInt8],
        headers: HTTPFields,
        receiver: QStashReceiver
    ) throws -> Outcome {
        try receiver.verify(body, headers: headers, url: "https://api.example.com/reports/done")
        let payload = try CallbackPayload(decoding: body)
        if payload.isSuccess {
            return .ready(payload.sourceMessageID, try payload.decodeBody(as: Report.self))
        }
        return payload.isLastAttempt ? .failed(payload.sourceMessageID) : .delayed
    }

    /// What the failure callback's route does with a request.
    package static func receiveFailure(
        _ body: [UInt8],
        headers: HTTPFields,
        receiver: QStashReceiver
    ) throws -> DeadLetterID? {
        try receiver.verify(body, headers: headers, url: "https://api.example.com/reports/failed")
        let payload = try CallbackPayload(decoding: body)
        return payload.dlqID
    }
}
