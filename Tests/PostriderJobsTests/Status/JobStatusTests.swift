import Foundation
import HTTPTypes
import PostriderJobs
import Testing

@Suite struct JobStatusTests {
    private let path = "/api/jobs/request-1"

    @Test func theOwnerSeesEveryField() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [
            StatusFixture.started, .progressed(percent: 20, phase: "read"), .progressed(percent: 40, phase: nil),
        ])
        let response = try await fixture.send(.get, path)
        #expect(response.head.status == .ok)
        #expect(response.head.headerFields[.contentType] == "application/json")
        #expect(response.head.headerFields[.cacheControl] == "private, no-cache")
        let expected: JSONValue = [
            "requestId": "request-1", "status": "processing", "progress": 40, "jobType": "resize-image",
            "phase": "read", "attempt": 1, "maxRetries": 3, "messageId": "msg_1",
            "createdAt": "2026-09-21T14:13:20.000Z", "updatedAt": "2026-09-21T14:13:23.000Z",
            "startedAt": "2026-09-21T14:13:21.000Z", "heartbeatAt": "2026-09-21T14:13:23.000Z",
            "completedAt": nil, "errorCode": nil, "errorMessage": nil, "resultData": nil,
            "estimatedTimeRemaining": 3,
        ]
        #expect(response.fields == expected)
    }

    @Test func aResultIsJSONWithinTheAnswer() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started, .completed(resultData: #"{"width":10}"#)])
        let fields = try await fixture.send(.get, path).fields
        #expect(fields?["resultData"] == ["width": 10])
        #expect(fields?["status"] == "completed" && fields?["progress"] == 100)
        #expect(fields?["completedAt"] == "2026-09-21T14:13:22.000Z")
    }

    @Test func aFailureTellsItsCodeAndReason() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [
            StatusFixture.started, .progressed(percent: 50, phase: nil),
            .failed(code: "too_large", message: "too large"),
        ])
        let fields = try await fixture.send(.get, path).fields
        #expect(fields?["status"] == "failed" && fields?["progress"] == 50)
        #expect(fields?["errorCode"] == "too_large" && fields?["errorMessage"] == "too large")
    }

    @Test func aVersionThatIsKnownIsNotSentAgain() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        let tag = try #require(try await fixture.send(.get, path).head.headerFields[.eTag])
        #expect(tag.hasPrefix("\"2-") && tag.hasSuffix("\""))
        for field in [tag, "W/" + tag, "\"other\", \(tag)", "*"] {
            let again = try await fixture.send(.get, path, headers: [(.ifNoneMatch, field)])
            #expect(again.head.status == .notModified)
            #expect(again.bytes == [])
            #expect(again.head.headerFields[.eTag] == tag)
        }
        try await fixture.apply(.heartbeat)
        let changed = try await fixture.send(.get, path, headers: [(.ifNoneMatch, tag)])
        #expect(changed.head.status == .ok)
        #expect(changed.head.headerFields[.eTag] != tag)
    }

    @Test func withoutAnIdentityNothingIsRead() async throws {
        let records = UnreachableRecords()
        var storage = JobStorage.inMemory()
        storage.records = records
        let fixture = try StatusFixture(storage: storage)
        for (method, suffix) in [(HTTPRequest.Method.get, ""), (.get, "/events"), (.delete, "")] {
            let response = try await fixture.send(method, path + suffix, as: nil)
            #expect(response.head.status == .unauthorized)
            #expect(response.fields?["error"] == "unauthorized")
        }
        #expect(records.calls.values.isEmpty)
    }

    @Test func anothersJobLooksLikeNoJob() async throws {
        let fixture = try StatusFixture()
        try await fixture.record(after: [StatusFixture.started])
        try await fixture.record("request-2", userID: nil)
        for (method, suffix) in [(HTTPRequest.Method.get, ""), (.get, "/events"), (.delete, "")] {
            let unknown = try await fixture.send(method, "/api/jobs/request-9" + suffix, as: "somebody")
            #expect(unknown.head.status == .notFound)
            #expect(unknown.fields?["error"] == "not_found")
            for id in ["request-1", "request-2"] {
                let foreign = try await fixture.send(method, "/api/jobs/\(id)" + suffix, as: "somebody")
                #expect(foreign.head == unknown.head)
                #expect(foreign.bytes == unknown.bytes)
            }
        }
        #expect(try await fixture.storage.records.record("request-1")?.status == .processing)
    }

    @Test func anOperatorSeesEveryJob() async throws {
        let fixture = try StatusFixture()
        try await fixture.record()
        try await fixture.record("request-2", userID: nil)
        for id in ["request-1", "request-2"] {
            #expect(try await fixture.send(.get, "/api/jobs/\(id)", as: "operator").head.status == .ok)
        }
    }

    @Test func whatCannotBeLookedUpIsUnavailable() async throws {
        var storage = JobStorage.inMemory()
        storage.records = UnreachableRecords()
        let fixture = try StatusFixture(storage: storage)
        for user in ["unknown", StatusFixture.owner] {
            let response = try await fixture.send(.get, path, as: user)
            #expect(response.head.status == .serviceUnavailable)
            #expect(response.fields?["error"] == "service_unavailable")
            #expect(response.head.headerFields[.retryAfter] == "1")
        }
    }

    @Test(arguments: [[JobRecordChange](), [StatusFixture.started]])
    func aJobThatHasNotEndedIsCancelled(changes: [JobRecordChange]) async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: changes)
        let response = try await fixture.send(.delete, path)
        #expect(response.head.status == .ok)
        #expect(response.fields?["success"] == true && response.fields?["newStatus"] == "cancelled")
        #expect(response.fields?["previousStatus"] == .string(before.status.rawValue))
        #expect(response.fields?["requestId"] == "request-1" && response.fields?["message"]?.string != nil)
        #expect(try await fixture.storage.records.record("request-1")?.status == .cancelled)
        #expect(fixture.cancelled.values == (before.messageID.map { [$0] } ?? []))
    }

    @Test(arguments: [
        JobRecordChange.completed(resultData: nil), .failed(code: "a", message: "b"), .cancelled,
    ])
    func aJobThatHasEndedIsNotCancelled(end: JobRecordChange) async throws {
        let fixture = try StatusFixture()
        let before = try await fixture.record(after: [StatusFixture.started, end])
        let response = try await fixture.send(.delete, path)
        #expect(response.head.status == .badRequest)
        #expect(response.fields?["error"] == "already_finished")
        #expect(response.fields?["status"] == .string(before.status.rawValue))
        #expect(try await fixture.storage.records.record("request-1") == before)
        #expect(fixture.cancelled.values.isEmpty)
    }

    @Test func aMessageThatCannotBeCancelledChangesNothing() async throws {
        let fixture = try StatusFixture(cancelling: JobsError(.publishFailed, "the broker is down"))
        try await fixture.record(after: [StatusFixture.started])
        #expect(try await fixture.send(.delete, path).head.status == .ok)
        #expect(fixture.cancelled.values == ["msg_1"])
        #expect(try await fixture.storage.records.record("request-1")?.status == .cancelled)
    }

    @Test func anIDThatIsTooLongIsNotLookedUp() async throws {
        let records = UnreachableRecords()
        var storage = JobStorage.inMemory()
        storage.records = records
        let fixture = try StatusFixture(storage: storage)
        let response = try await fixture.send(.get, "/api/jobs/" + String(repeating: "x", count: 201))
        #expect(response.head.status == .notFound)
        #expect(records.calls.values.isEmpty)
    }
}
