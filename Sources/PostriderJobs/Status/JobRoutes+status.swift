extension JobRoutes {
    /// Adds what users follow their jobs by: `GET <path>/{requestId}`, its `/events`, and `DELETE`, which cancels.
    ///
    /// A user sees the jobs that carry its id, an operator all of them. The path of another's job is answered as that of no job.
    public mutating func status(_ options: JobStatusOptions = JobStatusOptions()) {
        add(JobStatusEndpoint(path: RoutePath(options.path + "/{requestId}")))
        add(JobEventsEndpoint(path: RoutePath(options.path + "/{requestId}/events")))
        add(JobCancelEndpoint(path: RoutePath(options.path + "/{requestId}"), cancelMessage: options.cancelMessage))
    }
}
