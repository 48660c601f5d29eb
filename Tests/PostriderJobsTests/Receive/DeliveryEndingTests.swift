import HTTPTypes
import Testing

@testable import PostriderJobs

/// What follows from an ending, without any server.
@Suite struct DeliveryEndingTests {
    private struct Secret: Error {}

    private func facts(retried: Int, of retries: Int) throws -> DeliveryFacts {
        var fields = HTTPFields()
        fields[try #require(HTTPField.Name("Upstash-Message-Id"))] = "msg_1"
        fields[try #require(HTTPField.Name("Upstash-Retried"))] = "\(retried)"
        return DeliveryFacts(fields, configuredRetries: retries)
    }

    private func decide(
        _ result: Result<JobOutcome, any Error>,
        _ interruption: DeliveryEnding.Interruption? = nil,
        committed: JobOutcome? = nil,
        retried: Int = 0,
        isRequestCancelled: Bool = false
    ) throws -> DeliveryEnding {
        DeliveryEnding.decide(
            result,
            interruption: interruption,
            isRequestCancelled: isRequestCancelled,
            committed: committed,
            facts: try facts(retried: retried, of: 3),
            lockTTL: .seconds(30),
            successKey: nil
        )
    }

    @Test func successCommits() throws {
        let ending = try decide(.success(.done(["a": 1])))
        #expect(ending.answer == JobAnswer(status: 200, fields: ["ok": true, "a": 1]))
        #expect(ending.settlement == .commit(.completed(resultData: #"{"a":1}"#)))
        #expect(!ending.isDeadLetter)
    }

    @Test(arguments: [0, 1, 2])
    func aFailureWithRetriesLeftReleasesAndIsNoDeadLetter(retried: Int) throws {
        let ending = try decide(.failure(Secret()), retried: retried)
        #expect(ending.answer.status == 500)
        #expect(ending.settlement == .release(nil))
        #expect(!ending.isDeadLetter)
    }

    @Test func theFinalAttemptEndsTheRecordAndIsADeadLetter() throws {
        let ending = try decide(.failure(Secret()), retried: 3)
        #expect(ending.settlement == .release(.failed(code: "internal", message: "the job failed")))
        #expect(ending.isDeadLetter)
    }

    @Test(arguments: [0, 3])
    func aRequestThatIsCutOffIsNoEndOnAnyAttempt(retried: Int) throws {
        for result in [
            Result<JobOutcome, any Error>.failure(CancellationError()), .failure(Secret()),
            .failure(JobFailure.permanent("gone", "it is gone")), .success(.retry(reason: "later")),
        ] {
            let ending = try decide(result, retried: retried, isRequestCancelled: true)
            #expect(ending.settlement == .release(nil))
            #expect(!ending.isDeadLetter)
        }
        let done = try decide(.success(.done), retried: retried, isRequestCancelled: true)
        #expect(done.settlement == .commit(.completed(resultData: nil)))
        let cancelled = try decide(.failure(JobsError(.cancelled, "")), retried: retried, isRequestCancelled: true)
        #expect(cancelled.settlement == .commitWithoutReservation)
    }

    @Test func aPermanentFailureIsADeadLetterAtOnce() throws {
        let ending = try decide(.failure(JobFailure.permanent("gone", "it is gone")))
        #expect(ending.answer.status == 489)
        #expect(ending.settlement == .release(.failed(code: "gone", message: "it is gone")))
        #expect(ending.isDeadLetter)
    }

    @Test func aLostLockTouchesNothing() throws {
        for ending in [
            try decide(.success(.done), .lockLost), try decide(.failure(CancellationError()), .lockLost),
            try decide(.failure(JobsError(.lockLost, ""))),
        ] {
            #expect(ending.answer.status == 409)
            #expect(ending.settlement == .none)
            #expect(!ending.isDeadLetter)
        }
    }

    @Test func whatIsCommittedHasHappened() throws {
        for result in [Result<JobOutcome, any Error>.failure(Secret()), .success(.failed(code: "a", reason: "b"))] {
            let ending = try decide(result, .lockLost, committed: .done(["n": 1]), retried: 3)
            #expect(ending.answer == JobAnswer(status: 200, fields: ["ok": true, "n": 1]))
            #expect(ending.settlement == .none)
            #expect(!ending.isDeadLetter)
        }
    }

    @Test func workThatWasDoneInSpiteOfACancellationCounts() throws {
        #expect(try decide(.success(.done), .cancelled).settlement == .commit(.completed(resultData: nil)))
        #expect(try decide(.failure(CancellationError()), .cancelled).settlement == .commitWithoutReservation)
    }

    @Test func attemptsAreCountedFromOneAndTheOneAfterTheLastRetryIsFinal() throws {
        #expect(try facts(retried: 0, of: 3).attempt == 1)
        #expect(try !facts(retried: 2, of: 3).isFinalAttempt)
        #expect(try facts(retried: 3, of: 3).isFinalAttempt)
        #expect(try facts(retried: 0, of: 0).isFinalAttempt)
    }

    @Test(arguments: ["-1", "x", "", "99999999999999999999", "1.5"])
    func numbersThatAreNoneCountAsNotGiven(text: String) throws {
        var fields = HTTPFields()
        fields[try #require(HTTPField.Name("Upstash-Retried"))] = text
        fields[try #require(HTTPField.Name("Postrider-Max-Retries"))] = text
        let facts = DeliveryFacts(fields, configuredRetries: 3)
        #expect(facts.attempt == 1)
        #expect(facts.maxRetries == 3)
        #expect(facts.messageID == nil)
    }

    @Test func theSuccessKeyStandsBesideOK() {
        let answer = JobAnswer.outcome(.done(["indexed": 2]), successKey: "success")
        #expect(answer.fields == ["ok": true, "success": true, "indexed": 2])
    }
}
