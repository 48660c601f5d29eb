extension JobRoutes {
    /// Adds the endpoint of a job: the broker delivers its messages there.
    ///
    /// Verification, locks, validation, retries and dead letters are taken care of; the handler does the work.
    ///
    /// The handler runs once per message unless a worker dies in the middle: what it does outside a transaction of the context may then
    /// happen again (docs/JOBS.md).
    public mutating func job<Parameters: JobParameters>(
        _ type: Parameters.Type,
        options: JobOptions<Parameters> = JobOptions(),
        handler: @escaping @Sendable (_ parameters: Parameters, _ context: JobContext) async throws -> JobOutcome
    ) {
        add(JobEndpoint(definition: JobDefinition(type, options: options, handler: handler)))
    }
}
