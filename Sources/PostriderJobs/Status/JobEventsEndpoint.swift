import HTTPTypes

/// Tells how far a job is, as it goes on, by server-sent events.
struct JobEventsEndpoint: Endpoint {
    let method = HTTPRequest.Method.get
    let path: RoutePath

    /// How many streams one user may have open at a time: nobody takes all that the server has.
    static let userStreamsMax = 20

    /// What a browser repeats when it comes back: the id of the last event that it got.
    private static let lastEventID = HTTPField.Name("Last-Event-ID")
    /// Tells nginx to pass events on as they come.
    private static let buffering = HTTPField.Name("X-Accel-Buffering")

    func respond(
        to request: JobRequest,
        parameters: [String: String],
        in environment: JobEnvironment
    ) async -> JobResponse {
        let (record, userID): (JobRecord, String)
        switch await StatusAccess.record(for: request, parameters: parameters, in: environment) {
        case .answer(let answer): return answer.response
        case .record(let found, let identity): (record, userID) = (found, identity.userID)
        }
        let watcher = environment.hub.watcher(
            of: record.requestID,
            for: userID,
            watchersMax: environment.configuration.eventStreamsMax,
            userWatchersMax: Self.userStreamsMax
        )
        guard let watcher else {
            let isOwnDoing = environment.hub.watcherCount(of: userID) >= Self.userStreamsMax
            let status = isOwnDoing ? 429 : 503
            return JobAnswer.error(status, "too_many_streams", "too many streams are open", retryAfter: 5).response
        }
        let lastSeen = Self.lastEventID.flatMap { request.head.headerFields[$0] }.flatMap { Int64($0) }
        let source = JobEventSource(
            record: record,
            lastSeen: lastSeen,
            watcher: watcher,
            records: environment.storage.records,
            clock: environment.clock
        )
        var head = HTTPResponse(status: .ok)
        head.headerFields[.contentType] = "text/event-stream"
        head.headerFields[.cacheControl] = "private, no-cache"
        if let buffering = Self.buffering { head.headerFields[buffering] = "no" }
        return JobResponse(head: head, body: .events(JobEventStream(source: source)))
    }
}
