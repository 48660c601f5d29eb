import HTTPTypes
import PostriderCore
import PostriderSimulation
import QStashWire
import Synchronization

/// Which destination answers how.
final class AnswerTable: Sendable {
    /// How one destination answers.
    enum Script: Sendable {
        /// To each message in order, attempt by attempt; the last one stays.
        case answers([TestAnswer])
        case handler(@Sendable (TestDelivery) async throws -> TestAnswer)
    }

    private struct State {
        /// By origin, then by the beginning of path and query.
        var scripts: [String: [String: Script]] = [:]
        var standard = Script.answers([.ok])
        /// The first URL given that is none.
        var mistake: TestKitError?
    }

    private let state = Mutex(State())
    private let executor: SeededExecutor
    private let context: TestDelivery.Context

    init(executor: SeededExecutor, context: TestDelivery.Context) {
        self.executor = executor
        self.context = context
    }

    /// Sets how the URLs that begin with one are answered; nil takes that back.
    func set(_ script: Script?, for url: String) {
        let pattern: DestinationPattern
        do {
            pattern = try DestinationPattern(url)
        } catch {
            state.withLock { $0.mistake = $0.mistake ?? .destinationInvalid(url, error) }
            return
        }
        state.withLock { $0.scripts[pattern.origin, default: [:]][pattern.target] = script }
    }

    /// Sets how everything else is answered.
    func setStandard(_ script: Script) {
        state.withLock { $0.standard = script }
    }

    /// Releases every handler.
    func forget() {
        state.withLock { state in
            state.scripts = [:]
            state.standard = .answers([.ok])
        }
    }

    /// - Throws: ``TestKitError`` when a URL was given that is none.
    func check() throws {
        if let mistake = state.withLock({ $0.mistake }) { throw mistake }
    }

    /// The answer to a request; called on the executor.
    func reply(to request: DeliveryRequest, at moment: Timestamp) async -> ScriptedDestination.Reply {
        let delivery = TestDelivery(request, at: moment, context)
        switch script(for: request.url) {
        case .answers(let answers):
            return (answers.count > delivery.retried ? answers[delivery.retried] : answers.last ?? .ok)
                .reply(to: request)
        case .handler(let handler):
            return await executor.holding {
                do {
                    return try await handler(delivery).reply(to: request)
                } catch {
                    return TestAnswer.text("\(error)", status: .internalServerError).reply(to: request)
                }
            }
        }
    }

    private func script(for url: DestinationURL) -> Script {
        state.withLock { state in
            let matching = state.scripts[url.origin]?.filter {
                DestinationPattern.begins(url.requestTarget, with: $0.key)
            }
            return matching?.max { $0.key.utf8.count < $1.key.utf8.count }?.value ?? state.standard
        }
    }
}
