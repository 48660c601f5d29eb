package import Logging
package import Metrics
package import PostriderCore

/// The running broker: its parts, put together over a store, a transport, a clock and a source of chance.
package struct Broker: Sendable {
    /// Every bound and default; the configuration table of docs/OPERATIONS.md sets them.
    package struct Settings: Sendable {
        package var accept = AcceptPlanner.Settings()
        package var admission = Admission.Limits()
        package var scheduler = SchedulerLimits()
        package var delivery = DeliveryPlanner.Settings()
        package var drainSeconds: Int64 = 15
        /// Bodies of deliveries under way, in all.
        package var deliveryBytesMax = 256 * 1_048_576
        /// This node's number in the keys it makes.
        package var node: Int64 = 0

        package init() {}
    }

    package let store: any MessageStore
    package let settings: Settings
    package let acceptor: Acceptor
    package let admission: Admission
    package let canceller: Canceller
    package let events: EventReader
    package let deadLetters: DeadLetterDesk
    package let callbacks: CallbackReader
    package let keyring: SigningKeyring
    package let scheduler: Scheduler
    package let clock: any BrokerClock
    /// The service that delivers; run it to start.
    package let dispatcher: Dispatcher

    /// - Parameter isAfterUncleanStop: True when the last process did not close the store: what was open begins slowly.
    package init(
        settings: Settings,
        store: any MessageStore,
        transport: any DeliveryTransport,
        clock: any BrokerClock,
        random: any RandomSource,
        isAfterUncleanStop: Bool,
        metricsFactory: any MetricsFactory,
        logger: Logger
    ) {
        let keys = KeyGenerator(clock: clock, node: settings.node, highest: store.highestKey)
        let metrics = BrokerMetrics(factory: metricsFactory)
        let scheduler = Scheduler(limits: settings.scheduler, clock: clock, isAfterUncleanStop: isAfterUncleanStop)
        let admission = Admission(limits: settings.admission, scheduler: scheduler, clock: clock)
        let keyring = SigningKeyring(store: store, random: random)
        let open = OpenAttempts()
        self.store = store
        self.settings = settings
        self.scheduler = scheduler
        self.clock = clock
        self.admission = admission
        self.keyring = keyring
        self.acceptor = Acceptor(
            planner: AcceptPlanner(settings: settings.accept),
            store: store,
            scheduler: scheduler,
            admission: admission,
            keys: keys,
            clock: clock,
            metrics: metrics
        )
        self.canceller = Canceller(store: store, scheduler: scheduler, keys: keys, clock: clock)
        self.events = EventReader(store: store, open: open)
        self.deadLetters = DeadLetterDesk(
            store: store,
            scheduler: scheduler,
            keys: keys,
            clock: clock,
            planner: RedrivePlanner(limits: settings.accept.wire)
        )
        self.callbacks = CallbackReader(store: store)
        let deliverer = Deliverer(
            planner: DeliveryPlanner(settings: settings.delivery, store: store.storeID),
            transport: transport,
            store: store,
            settler: Settler(store: store, scheduler: scheduler, clock: clock, logger: logger),
            scheduler: scheduler,
            keyring: keyring,
            keys: keys,
            clock: clock,
            random: random,
            open: open,
            metrics: metrics,
            logger: logger
        )
        self.dispatcher = Dispatcher(
            scheduler: scheduler,
            deliverer: deliverer,
            canceller: canceller,
            budget: ByteBudget(bytesMax: settings.deliveryBytesMax),
            store: store,
            clock: clock,
            drainSeconds: settings.drainSeconds,
            logger: logger
        )
    }
}
