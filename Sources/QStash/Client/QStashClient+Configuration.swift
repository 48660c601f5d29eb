public import HTTPTypes

extension QStashClient {
    /// Bounds, repetition and what goes with every publish.
    public struct Configuration: Sendable {
        /// The bound on each exchange with the server, to the last byte of its answer.
        public var timeout: Duration

        /// The bound on an answer in bytes.
        public var answerBytesMax: Int

        /// When a failed call is made again.
        public var retry: RetryPolicy

        /// Headers that every message carries to its destination; those of a message win over them.
        public var headers: HTTPFields

        /// Whether `Upstash-Telemetry-Sdk`, `-Platform` and `-Runtime` go out: the name of this SDK, the system, the version of Swift.
        ///
        /// `UPSTASH_DISABLE_TELEMETRY=1` in the environment turns it off.
        public var sendsTelemetry: Bool

        /// Keeps the waits between repetitions.
        public var clock: any Clock<Duration>

        /// A configuration; every part has a default.
        public init(
            timeout: Duration = .seconds(60),
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
