import PostriderJobs
import PostriderJobsConformance
import QStash
import Testing

@Suite struct TrackedJobTests {
    private let note = Note(text: "a", count: 1)
    private let storage = JobStorage.inMemory()

    private func publisher(_ broker: ScriptedBroker) throws -> JobPublisher {
        try JobPublisher(client: broker.client(), origin: "https://app.test", records: storage.records)
    }

    @Test func theRecordIsThereBeforeTheMessageAndKnowsIt() async throws {
        let broker = ScriptedBroker(.accepted(messageID: "msg_7"))
        let record = try await publisher(broker).publishTracked(note, userID: "u", subject: "s", requestID: "r-1")
        #expect(record.requestID == "r-1")
        #expect(record.messageID == "msg_7")
        #expect(record.status == .queued)
        #expect(broker.field("Upstash-Forward-X-Request-ID") == "r-1")
        let stored = try #require(await storage.records.record("r-1"))
        #expect(stored.userID == "u")
        #expect(stored.subject == "s")
        #expect(stored.messageID == "msg_7")
        #expect(stored.maxRetries == 3)
        #expect(stored.jobType == "take-note")
    }

    @Test func aPublishThatFailsFailsTheRecord() async throws {
        let publisher = try publisher(ScriptedBroker(.status(400)))
        let error = await #expect(throws: JobsError.self) {
            try await publisher.publishTracked(note, userID: nil, requestID: "r-2")
        }
        #expect(error?.code == .publishFailed)
        let stored = try #require(await storage.records.record("r-2"))
        #expect(stored.status == .failed)
        #expect(stored.errorCode == "publish_failed")
    }

    @Test func aBrokerThatIsNotReachedFailsTheRecord() async throws {
        let publisher = try publisher(ScriptedBroker(.unreachable))
        let error = await #expect(throws: JobsError.self) {
            try await publisher.publishTracked(note, userID: nil, requestID: "r-4")
        }
        #expect(error?.code == .publishFailed)
        #expect(try await storage.records.record("r-4")?.status == .failed)
    }

    @Test(arguments: [ScriptedBroker.Answer.silent, .status(500), .status(503), .status(408)])
    func anAnswerThatSaysNothingLeavesTheRecordOpen(answer: ScriptedBroker.Answer) async throws {
        let publisher = try publisher(ScriptedBroker(answer))
        let error = await #expect(throws: JobsError.self) {
            try await publisher.publishTracked(note, userID: nil, requestID: "r-5")
        }
        #expect(error?.code == .publishUncertain)
        #expect(try await storage.records.record("r-5")?.status == .queued)
    }

    @Test func aDuplicateEndsItsRecordAndNamesTheFirstMessage() async throws {
        let publisher = try publisher(ScriptedBroker(.deduplicated(messageID: "msg_first")))
        let record = try await publisher.publishTracked(note, userID: nil, requestID: "r-6")
        #expect(record.status == .failed)
        #expect(record.errorCode == "duplicate_message")
        #expect(record.messageID == "msg_first")
        #expect(try await storage.records.record("r-6") == record)
    }

    @Test func aJobThatHasEndedIsPublishedAgainUnderItsRecord() async throws {
        _ = try? await publisher(ScriptedBroker(.status(400))).publishTracked(note, userID: "u", requestID: "r-7")
        let broker = ScriptedBroker(.accepted(messageID: "msg_8"))
        let record = try await publisher(broker).requeue(note, requestID: "r-7")
        #expect(record.status == .queued && record.messageID == "msg_8" && record.userID == "u")
        #expect(record.errorCode == nil && record.completedAt == nil)
        #expect(broker.field("Upstash-Forward-X-Request-ID") == "r-7")
    }

    @Test(arguments: ["r-8", "nothing"])
    func whatHasNotEndedIsNotPublishedAgain(id: String) async throws {
        let broker = ScriptedBroker()
        let publisher = try publisher(broker)
        _ = try await publisher.publishTracked(note, userID: nil, requestID: "r-8")
        let error = await #expect(throws: JobsError.self) { try await publisher.requeue(note, requestID: id) }
        #expect(error?.code == .publishRefused)
        #expect(broker.requests.count == 1)
    }

    @Test func aRequestIDIsTakenOnce() async throws {
        let broker = ScriptedBroker()
        let publisher = try publisher(broker)
        _ = try await publisher.publishTracked(note, userID: nil, requestID: "r-3")
        let error = await #expect(throws: JobsError.self) {
            try await publisher.publishTracked(note, userID: nil, requestID: "r-3")
        }
        #expect(error?.code == .recordExists)
        #expect(broker.requests.count == 1)
    }

    @Test(arguments: ["", "a b", "a/b", "ä", String(repeating: "a", count: 129)])
    func requestIDsAreChecked(id: String) async throws {
        let publisher = try publisher(ScriptedBroker())
        let error = await #expect(throws: JobsError.self) {
            try await publisher.publishTracked(note, userID: nil, requestID: id)
        }
        #expect(error?.code == .publishRefused)
    }

    @Test func requestIDsThatAreMadeUpDiffer() async throws {
        let publisher = try publisher(ScriptedBroker())
        let first = try await publisher.publishTracked(note, userID: nil)
        let second = try await publisher.publishTracked(note, userID: nil)
        #expect(first.requestID != second.requestID)
        #expect(first.requestID.count == 36)
    }
}
