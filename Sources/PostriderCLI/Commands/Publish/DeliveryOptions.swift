package import ArgumentParser
import HTTPTypes
import QStash

/// How a message is delivered: the options of a publish as flags, durations as on the wire.
package struct DeliveryOptions: ParsableArguments {
    @Option(
        help: "The method of the delivery: GET, POST, PUT, PATCH or DELETE.",
        completion: .list(["GET", "POST", "PUT", "PATCH", "DELETE"])
    )
    package var method = "POST"

    @Option(
        name: .customLong("header"),
        help: .init("A header for the destination; may be repeated.", valueName: "name=value")
    )
    package var headers: [HeaderArgument] = []

    @Option(help: .init("Wait so long before the first delivery: 90s, 1h30m, or whole seconds.", valueName: "duration"))
    package var delay: DurationArgument?

    @Option(help: .init("Deliver first at this moment: 2026-05-01T12:30:00Z, or Unix seconds.", valueName: "moment"))
    package var notBefore: MomentArgument?

    @Option(help: .init("How often a failed delivery is repeated; 0 for a single attempt.", valueName: "count"))
    package var retries: Int?

    @Option(help: .init("Milliseconds before a repetition, such as 'pow(2, retried) * 1000'.", valueName: "formula"))
    package var retryDelay: String?

    @Option(help: .init("How long the destination may take: 30s, 5m, or whole seconds.", valueName: "duration"))
    package var timeout: DurationArgument?

    @Option(help: .init("Drop the message when one with this id was published within 10 minutes.", valueName: "id"))
    package var dedupID: String?

    @Flag(help: "Drop the message when an equal one was published within 10 minutes.")
    package var contentDedup = false

    @Option(help: .init("A URL that is called after every attempt.", valueName: "url"))
    package var callback: String?

    @Option(help: .init("A URL that is called once when the message is given up.", valueName: "url"))
    package var failureCallback: String?

    @Option(help: .init("Count deliveries together with all others of this key.", valueName: "key"))
    package var flowKey: String?

    @Option(help: .init("How many deliveries of the key may be under way.", valueName: "count"))
    package var flowParallelism: Int?

    @Option(help: .init("How many deliveries of the key may start in a period.", valueName: "count"))
    package var flowRate: Int?

    @Option(help: .init("The period of --flow-rate: 1s to 7d.", valueName: "duration"))
    package var flowPeriod: DurationArgument?

    @Option(name: .customLong("label"), help: "A word to find the message by; may be repeated.")
    package var labels: [String] = []

    @Option(
        help: .init(
            "What the server shows as a hash: body, header or header[Name]; may be repeated.",
            valueName: "what"
        )
    )
    package var redact: [RedactArgument] = []

    /// The defaults.
    package init() {}

    /// Flags that need or exclude each other.
    package func validate() throws {
        if headers.contains(where: { $0.field.value.isRepaired }) { throw ValidationError("--header is not UTF-8") }
        if contentDedup, dedupID != nil {
            throw ValidationError("--dedup-id and --content-dedup exclude each other")
        }
        if flowKey == nil, flowParallelism != nil || flowRate != nil || flowPeriod != nil {
            throw ValidationError("--flow-parallelism, --flow-rate and --flow-period need --flow-key")
        }
        guard HTTPRequest.Method(rawValue: method.uppercased()) != nil else {
            throw ValidationError("--method is one of GET, POST, PUT, PATCH, DELETE")
        }
    }

    /// The options of the client, which checks their values.
    var publishOptions: PublishOptions {
        var options = PublishOptions()
        if let method = HTTPRequest.Method(rawValue: method.uppercased()) { options.method = method }
        options.headers = HTTPFields(headers.map(\.field))
        options.delay = delay?.duration
        options.notBefore = notBefore?.date
        options.retries = retries
        options.retryDelay = retryDelay.map { RetryDelay(expression: $0) }
        options.timeout = timeout?.duration
        options.deduplication = contentDedup ? .contentBased : dedupID.map { .id($0) }
        options.callback = callback.map { Callback(url: $0) }
        options.failureCallback = failureCallback.map { Callback(url: $0) }
        options.flowControl = flowKey.map { key in
            FlowControl(
                key: FlowControlKey(key),
                parallelism: flowParallelism,
                rate: flowRate,
                period: flowPeriod?.duration
            )
        }
        options.labels = labels
        options.redaction = Redaction(redact)
        return options
    }
}
