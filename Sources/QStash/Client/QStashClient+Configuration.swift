public import HTTPTypes

extension QStashClient {
    /// Bounds, repetition and what goes with every publish.
    public struct Configuration: Sendable {
        /// The bound on each exchange with the server, to the last byte of its answer.
        ///
        /// More than the 60 s after which a server answers that a bulk action still goes on.
        public var timeout: Duration

        /// The bound on an answer in bytes.
        public var answerBytesMax: Int

        /// When a failed call is made again.
        public var retry: RetryPolicy

        /// Headers that every message carries to its destination; those of a message win over them.
        public var headers: HTTPFields

        /// Whether `Upstash-Telemetry-Sdk`, `-Platform` and `-Runtime` go out: the name of this SDK, the system, the language mode of Swift.
        ///
        /// ``QStashClient/init(environment:configuration:transport:logger:)`` turns it off for `UPSTASH_DISABLE_TELEMETRY=1`.
        public var sendsTelemetry: Bool

        /// Keeps the waits between repetitions.
        public var clock: any Clock<Duration>

        /// A configuration; every part has a default.
        public init(
            timeout: Duration = .seconds(90),
            answerBytesMax: Int = 64 * 1_048_576,
            retry: RetryPolicy = .standard,
            headers: HTTPFields = HTTPFields(),
            sendsTelemetry: Bool = true,
            clock: any Clock<Duration> = ContinuousClock()
        ) {
            self.timeout = timeout
            self.answerBytesMax = answerBytesMax
            self.retry = retry
            self.headers = headers
            self.sendsTelemetry = sendsTelemetry
            self.clock = clock
        }

        func checked() throws(QStashError) -> Configuration {
            guard timeout > .zero else {
                throw QStashError(.configurationInvalid, "timeout must be more than nothing", option: "timeout")
            }
            guard answerBytesMax > 0 else {
                throw QStashError(.configurationInvalid, "answerBytesMax must be at least 1", option: "answerBytesMax")
            }
            guard retry.retriesMax >= 0, retry.firstDelay >= .zero, retry.delayMax >= .zero else {
                throw QStashError(.configurationInvalid, "retry has a negative bound", option: "retry")
            }
            return self
        }
    }
}

extension QStashClient.Configuration: CustomStringConvertible, CustomReflectable {
    /// The bounds; values of headers may be secrets and do not belong in logs.
    public var description: String { "Configuration(timeout \(timeout), \(retry), \(headers.count) headers)" }

    /// The number of headers alone.
    public var customMirror: Mirror { Mirror(self, children: ["headers": headers.count]) }
}
