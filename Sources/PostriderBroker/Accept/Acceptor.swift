package import PostriderCore
package import QStashWire

/// Takes publishes in: plans them, stores them durably, and hands them to the scheduler.
package struct Acceptor: Sendable {
    private let planner: AcceptPlanner
    private let store: any MessageStore
    private let scheduler: Scheduler
    private let admission: Admission
    private let keys: KeyGenerator
    private let clock: any BrokerClock
    private let metrics: BrokerMetrics

    package init(
        planner: AcceptPlanner,
        store: any MessageStore,
        scheduler: Scheduler,
        admission: Admission,
        keys: KeyGenerator,
        clock: any BrokerClock,
        metrics: BrokerMetrics
    ) {
        self.planner = planner
        self.store = store
        self.scheduler = scheduler
        self.admission = admission
        self.keys = keys
        self.clock = clock
        self.metrics = metrics
    }

    /// Accepts publishes in order; one that is wrong does not keep the others out.
    ///
    /// - Returns: For each, in order, its receipt or what is wrong with it. Every receipt stands for a message on disk.
    /// - Throws: `BrokerError` when the broker is overloaded, ``StoreError`` when nothing could be stored; nothing was accepted.
    package func accept(_ requests: [PublishRequest]) async throws -> [Result<PublishReceipt, WireError>] {
        let now = clock.now
        var planned: [Result<Acceptance, WireError>] = []
        planned.reserveCapacity(requests.count)
        for request in requests {
            do {
                planned.append(.success(try planner.plan(request, key: keys.next(), now: now)))
            } catch {
                planned.append(.failure(error))
            }
        }
        let acceptances = planned.compactMap { try? $0.get() }
        let results = acceptances.isEmpty ? [] : try await store(acceptances)
        var next = results.makeIterator()
        return planned.map { plan in
            plan.map { acceptance in
                switch next.next() {
                case .duplicate(let key): receipt(key, acceptance.message, isDuplicate: true)
                default: receipt(acceptance.message.key, acceptance.message, isDuplicate: false)
                }
            }
        }
    }

    private func store(_ acceptances: [Acceptance]) async throws -> [AcceptResult] {
        let results: [AcceptResult]
        do {
            results = try await admission.admit { try await store.accept(acceptances) }
        } catch let error as StoreError {
            scheduler.rescan(after: error)
            throw error
        }
        var accepted: [Message] = []
        accepted.reserveCapacity(acceptances.count)
        for (acceptance, result) in zip(acceptances, results) where result == .accepted {
            accepted.append(acceptance.message)
        }
        scheduler.add(accepted)
        metrics.published(accepted: accepted.count, duplicates: results.count - accepted.count)
        return results
    }

    private func receipt(_ key: MessageKey, _ message: Message, isDuplicate: Bool) -> PublishReceipt {
        PublishReceipt(
            id: MessageID(key: key, store: store.storeID),
            url: message.destination.text,
            isDuplicate: isDuplicate
        )
    }
}

/// What a publisher gets for a message that is on disk.
package struct PublishReceipt: Hashable, Sendable {
    /// The message's id; for a duplicate that of the earlier message.
    package var id: MessageID
    package var url: String
    package var isDuplicate: Bool

    package init(id: MessageID, url: String, isDuplicate: Bool) {
        self.id = id
        self.url = url
        self.isDuplicate = isDuplicate
    }
}
