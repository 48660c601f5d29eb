import HTTPTypes

/// The schedules of the account (wire reference, section 16).
public struct Schedules: Sendable {
    let client: QStashClient

    /// Makes a schedule, or replaces the one with the same id as a whole.
    ///
    /// A body without a content type goes out as `application/json`.
    ///
    /// - Returns: The schedule's id: that of the request, or a new one.
    /// - Throws: ``QStashError`` with code `quota_exceeded` when there are too many. Without an id in the request a lost answer leaves it open
    ///   whether the schedule exists, and the call is not repeated.
    @discardableResult
    public func create(_ request: ScheduleRequest) async throws -> ScheduleID {
        try await client.perform(try request.call(for: client), as: CreateAnswer.self).scheduleID
    }

    /// The schedule with that id.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none.
    public func get(_ id: ScheduleID) async throws -> Schedule {
        try await client.perform(APICall(.get, try path(id)), as: Schedule.self)
    }

    /// All schedules.
    public func list() async throws -> [Schedule] {
        try await client.perform(APICall(.get, "/v2/schedules"), as: [Schedule].self)
    }

    /// Deletes a schedule; messages that it published are not affected.
    ///
    /// - Throws: ``QStashError`` with code `not_found` when there is none; also when the answer to a first attempt was lost, and the
    ///   repetition finds it deleted.
    public func delete(_ id: ScheduleID) async throws {
        _ = try await client.perform(APICall(.delete, try path(id)))
    }

    /// Has a schedule publish nothing; moments that pass meanwhile are not made up for.
    ///
    /// Twice is as good as once.
    public func pause(_ id: ScheduleID) async throws {
        _ = try await client.perform(APICall(.patch, "\(try path(id))/pause"))
    }

    /// Has a schedule publish again.
    ///
    /// Twice is as good as once.
    public func resume(_ id: ScheduleID) async throws {
        _ = try await client.perform(APICall(.patch, "\(try path(id))/resume"))
    }

    private func path(_ id: ScheduleID) throws(QStashError) -> String { "/v2/schedules/\(try id.pathSegment())" }
}

private struct CreateAnswer: Decodable {
    var scheduleID: ScheduleID

    init(from decoder: any Decoder) throws {
        scheduleID = try AnswerFields(from: decoder).requiredIdentifier("scheduleId")
    }
}
