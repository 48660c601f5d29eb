/// A job without its parameters' type: what the delivery of any job goes by.
struct JobDefinition: Sendable {
    /// A handler with its parameters.
    typealias Handler = @Sendable (JobContext) async throws -> JobOutcome

    /// What came of reading a body.
    enum Prepared: Sendable {
        case malformed(String)
        case invalid([ValidationIssue])
        case ready(businessKey: String?, Handler)
    }

    let name: String
    let spanName: String
    let path: String
    let bodyBytesMax: Int?
    let lockTTL: Duration
    let doneTTL: Duration
    let reservationTTL: Duration
    let retries: Int
    let successKey: String?
    let timeout: Duration?
    /// What it is about, and what it does with it, for its span.
    let table: String
    let operation: String
    let prepare: @Sendable ([UInt8]) -> Prepared

    init<Parameters: JobParameters>(
        _ type: Parameters.Type,
        options: JobOptions<Parameters>,
        handler: @escaping @Sendable (Parameters, JobContext) async throws -> JobOutcome
    ) {
        name = type.jobName
        spanName = TelemetryEvent.jobSpan(type.jobName)
        path = options.path ?? type.path
        bodyBytesMax = options.bodyBytesMax
        lockTTL = options.lockTTL
        doneTTL = options.doneTTL
        reservationTTL = options.reservationTTL
        retries = (options.retryProfile ?? type.retryProfile).retries
        successKey = options.successKey
        timeout = options.timeout
        table = options.table ?? type.jobName
        operation = options.operation ?? "run"
        let businessKey = options.businessKey
        prepare = { body in
            switch DecodedParameters<Parameters>(body: body) {
            case .malformed(let why): .malformed(why)
            case .invalid(let issues): .invalid(issues)
            case .valid(let parameters):
                .ready(businessKey: businessKey?(parameters)) { context in try await handler(parameters, context) }
            }
        }
    }

    /// - Throws: ``JobsError`` with code `configuration_invalid` naming what is wrong.
    func check() throws(JobsError) {
        guard !name.isEmpty, name.utf8.count <= 100, name.utf8.allSatisfy(Self.mayStandInName) else {
            throw invalid("the name must be letters, digits, '.', '_' and '-', at most 100")
        }
        // Heartbeats come with renewals: a record must not seem dead to the sweeper while its handler lives.
        guard lockTTL >= .seconds(1), lockTTL <= JobSweeper.silenceMax / 2 else {
            throw invalid("lockTTL must be from 1 second to 5 minutes")
        }
        guard doneTTL > .zero, reservationTTL >= lockTTL else {
            throw invalid("doneTTL must be above zero, reservationTTL at least lockTTL")
        }
        guard bodyBytesMax.map({ $0 > 0 }) ?? true else { throw invalid("bodyBytesMax must be above zero") }
        guard timeout.map({ $0 > .zero }) ?? true else { throw invalid("timeout must be above zero") }
        guard retries >= 0 else { throw invalid("retries must not be negative") }
    }

    private func invalid(_ text: String) -> JobsError { JobsError(.configurationInvalid, "job '\(name)': \(text)") }

    private static func mayStandInName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
