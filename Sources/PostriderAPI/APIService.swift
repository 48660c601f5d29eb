import HTTPTypes
package import Logging
package import PostriderBroker
import PostriderCore
import QStashWire

/// Answers every request: one responder over the verbatim request target (decision 6).
package struct APIService: Sendable {
    let broker: Broker
    let settings: APISettings
    private let tokens: TokenTable
    private let publisher: PublishRoutes
    private let messages: MessageRoutes
    private let events: EventRoutes
    private let deadLetters: DeadLetterRoutes
    private let operations: OperationRoutes
    private let date = DateField()
    private let logger: Logger

    /// - Parameters:
    ///   - metricsText: The text of `/metrics`.
    ///   - isReady: False before the store answers and while the broker drains.
    package init(
        broker: Broker,
        gate: DestinationGate,
        tokens: TokenTable,
        settings: APISettings,
        metricsText: @escaping @Sendable () -> String,
        isReady: @escaping @Sendable () async -> Bool,
        logger: Logger
    ) {
        self.broker = broker
        self.settings = settings
        self.tokens = tokens
        self.logger = logger
        let address = CallerAddress(trustedProxies: settings.trustedProxies)
        self.publisher = PublishRoutes(broker: broker, gate: gate, settings: settings, address: address)
        self.messages = MessageRoutes(broker: broker, settings: settings)
        self.events = EventRoutes(broker: broker, settings: settings)
        self.deadLetters = DeadLetterRoutes(broker: broker, settings: settings)
        self.operations = OperationRoutes(settings: settings, metricsText: metricsText, isReady: isReady)
    }

    /// The answer to a request, with its date; every error becomes one.
    package func respond(to request: APIRequest) async -> APIResponse {
        var response = await answer(to: request)
        response.fields[.date] = dateText
        return response
    }

    /// The present second as the value of `Date`.
    var dateText: String { date.text(at: broker.clock.now) }

    private func answer(to request: APIRequest) async -> APIResponse {
        do {
            return try await route(request)
        } catch {
            let answer = APIError.from(error)
            if answer.status.code >= 500 {
                // The path of a publish is somebody's URL, perhaps with secrets in it: only the kind of route is logged.
                logger.error("request failed", metadata: ["code": "\(answer.code)", "error": "\(error)"])
            }
            return .error(answer)
        }
    }

    private func route(_ request: APIRequest) async throws -> APIResponse {
        let route: Route
        do {
            route = try Route(method: request.method, path: request.path)
        } catch {
            // Whether a path exists is told only to those who may call it.
            if request.path.hasPrefix("/v2") { _ = try tokens.caller(of: request) }
            throw error
        }
        if route.isOperational { return try await operations.respond(route, request) }
        let caller = try tokens.caller(of: request)
        guard caller.access == .full || !route.needsFullAccess else { throw APIError.readOnly }
        let account = caller.account
        switch route {
        case .publish(let remainder):
            return try await publisher.publish(request, remainder: remainder, account: account)
        case .batch:
            return try await publisher.batch(request, account: account)
        case .message(let id):
            return try await messages.get(id, account: account)
        case .cancel(let id):
            return try await messages.cancel(id, account: account)
        case .bulkCancel:
            return try await messages.cancelMany(request, account: account)
        case .events(let key):
            return try await events.list(request, key: key, account: account)
        case .deadLetters:
            return try await deadLetters.list(request, account: account)
        case .deadLetter(let id):
            return try await deadLetters.get(id, account: account)
        case .deleteDeadLetter(let id):
            return try await deadLetters.delete(id, account: account)
        case .deleteDeadLetters:
            return try await deadLetters.deleteMany(request, account: account)
        case .retryDeadLetter(let id):
            return try await deadLetters.retry(id, request: request, account: account)
        case .retryDeadLetters:
            return try await deadLetters.retryMany(request, account: account)
        case .keys:
            return keys(try await broker.keyring.pair(of: account))
        case .rotateKeys:
            return keys(try await broker.keyring.rotate(account))
        case .health, .ready, .metrics:
            throw APIError.notFound
        }
    }

    private func keys(_ pair: SigningKeyRecord.Pair) -> APIResponse {
        .json { json in
            json.beginObject()
            json.field("current", pair.current)
            json.field("next", pair.next)
            json.endObject()
        }
    }
}
