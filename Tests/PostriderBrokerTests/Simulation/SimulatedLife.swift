import Logging
import Metrics
import PostriderCore
import PostriderSimulation
import QStashWire

@testable import PostriderBroker

/// One life of a simulated broker process: the real services over a store that outlives it.
struct SimulatedLife {
    let broker: Broker
    let crash: CrashSwitch
    let destination: ScriptedDestination

    init(
        store: any MessageStore,
        faults: FaultPlan,
        clock: VirtualClock,
        random: SeededRandom,
        isAfterUncleanStop: Bool,
        settings: Broker.Settings = Broker.Settings(),
        script: @escaping @Sendable (DeliveryRequest) -> ScriptedDestination.Reply
    ) {
        crash = CrashSwitch()
        destination = ScriptedDestination(clock: clock, crash: crash, script: script)
        broker = Broker(
            settings: settings,
            store: FaultyStore(store, failing: faults, crash: crash),
            transport: destination,
            clock: clock,
            random: random,
            isAfterUncleanStop: isAfterUncleanStop,
            metricsFactory: NOOPMetricsHandler.instance,
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}

/// Publishes as the interface makes them.
enum SimulatedPublish {
    static func request(
        url: String,
        body: [UInt8] = [],
        _ change: (inout PublishOptions) throws -> Void = { _ in }
    ) throws -> PublishRequest {
        var options = PublishOptions()
        try change(&options)
        return PublishRequest(
            account: .standard,
            destination: try DestinationURL(parsing: url),
            options: options,
            body: body,
            callerIP: "203.0.113.9"
        )
    }
}
