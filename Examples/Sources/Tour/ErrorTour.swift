package import Foundation
package import QStash

/// Calls that fail.
package enum ErrorTour {
    /// What a caller makes of a failure.
    package enum Advice: Sendable, Hashable {
        /// The program or its settings are wrong.
        case fix(String)
        /// There is no more today.
        case wait(until: Date?)
        /// It may have been published or not.
        case unknown
        /// Published.
        case none
    }

    /// What the codes mean to a caller.
    package static func advice(_ client: QStashClient) async throws -> Advice {
        do {
            try await client.publish(.json(["order": 7]), to: "https://api.example.com/orders")
            return .none
        } catch let error as QStashError {
            switch error.code {
            case .optionInvalid: return .fix("\(error.option ?? "an option"): \(error.detail)")
            case .unauthorized, .forbidden: return .fix("the token")
            case .dailyLimit: return .wait(until: error.rateLimit?.resetsAt)
            case .unreachable, .timedOut: return .unknown
            default: throw error
            }
        }
    }

    /// What is wrong is said before anything is sent.
    package static func option(_ client: QStashClient) async -> String? {
        do {
            try await client.publish(
                to: "https://api.example.com/orders",
                options: PublishOptions(delay: .milliseconds(1_500))
            )
            return nil
        } catch let error as QStashError {
            return error.option  // "delay": the wire knows whole seconds only
        } catch {
            return nil
        }
    }

    /// A publish that may be repeated after a lost answer, because the server drops the second.
    package static func repeatable(_ client: QStashClient) async throws -> PublishReceipt {
        let receipt = try await client.publish(
            .json(["order": 7]),
            to: "https://api.example.com/orders",
            options: PublishOptions(deduplication: .id("order-7-placed"))
        )
        return receipt
    }

    /// A client that repeats less, and one that never does.
    package static func policies(environment: [String: String]) throws -> [QStashClient] {
        let patient = QStashClient.Configuration(
            retry: RetryPolicy(retriesMax: 2, firstDelay: .milliseconds(200), delayMax: .seconds(2))
        )
        let impatient = QStashClient.Configuration(retry: .never)
        return [
            try QStashClient(environment: environment, configuration: patient),
            try QStashClient(environment: environment, configuration: impatient),
        ]
    }
}
