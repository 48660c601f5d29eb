import Logging
import QStash

extension JobPublisher {
    /// Publishes a job whose progress can be watched: its record is there before its message is.
    ///
    /// When the broker refuses the message or is not reached, the record ends as failed with code `publish_failed`. When nobody knows whether
    /// the broker has it, the record stays open: it goes on when the message is delivered, and else the sweeper ends it after ten minutes.
    /// When the broker has such a message already (``JobPublishOptions/deduplicationID``), the record ends as failed with code
    /// `duplicate_message`, and its messageID is that of the first message, which carries the work under its own record.
    ///
    /// - Parameters:
    ///   - userID: Who may see the job; nil for operators alone.
    ///   - subject: What it is about, for example an account; nil when nothing in particular.
    ///   - requestID: The id that users ask by; nil for a new one. Letters, digits, `.`, `_`, `-`, at most 128.
    /// - Returns: The record as it is after publishing; failed when the message was a duplicate.
    /// - Throws: ``JobsError`` with code `record_exists` when the request id is taken, `publish_refused`, `publish_failed`
    ///   or `publish_uncertain` as ``publish(_:options:)`` does; what the store throws when it is down, and then nothing was published.
    public func publishTracked<Parameters: JobParameters>(
        _ parameters: Parameters,
        userID: String?,
        subject: String? = nil,
        requestID: String? = nil,
        options: JobPublishOptions = JobPublishOptions()
    ) async throws -> JobRecord {
        guard let records else {
            throw JobsError(.publishRefused, "the publisher has no place for records: give it one, or a server")
        }
        let requestID = requestID ?? RandomID.uuid(randomBytes)
        guard Self.isRequestID(requestID) else {
            throw JobsError(.publishRefused, "a request id has 1 to 128 letters, digits, '.', '_' and '-'")
        }
        let record = JobRecord(
            id: RandomID.uuid(randomBytes),
            requestID: requestID,
            jobType: Parameters.jobName,
            userID: userID,
            subject: subject,
            maxRetries: options.retries ?? Parameters.retryProfile.retries,
            createdAt: clock.now
        )
        try await records.create(record)
        return try await publish(parameters, under: record, options, in: records)
    }

    /// Publishes a job again whose record has ended: the record is queued again, for a new group of attempts, and keeps its progress.
    ///
    /// A dead letter that is retried at the broker needs none of this: its delivery opens the record of a failed job by itself.
    ///
    /// - Parameters:
    ///   - parameters: Those of the job; the broker takes a deduplication id that it has seen lately for a duplicate.
    ///   - requestID: Names the record.
    /// - Returns: The record as it is after publishing.
    /// - Throws: ``JobsError`` with code `publish_refused` when there is no such record of this job, or it has not ended; else as
    ///   ``publishTracked(_:userID:subject:requestID:options:)`` does.
    public func requeue<Parameters: JobParameters>(
        _ parameters: Parameters,
        requestID: String,
        options: JobPublishOptions = JobPublishOptions()
    ) async throws -> JobRecord {
        guard let records else {
            throw JobsError(.publishRefused, "the publisher has no place for records: give it one, or a server")
        }
        guard try await records.record(requestID)?.jobType == Parameters.jobName else {
            throw JobsError(.publishRefused, "there is no such record of '\(Parameters.jobName)'")
        }
        guard case .changed(let record) = try await records.apply(.requeued, to: requestID, now: clock.now) else {
            throw JobsError(.publishRefused, "the job has not ended")
        }
        return try await publish(parameters, under: record, options, in: records)
    }

    private func publish<Parameters: JobParameters>(
        _ parameters: Parameters,
        under record: JobRecord,
        _ options: JobPublishOptions,
        in records: any JobRecordStore
    ) async throws -> JobRecord {
        let receipt: PublishReceipt
        do {
            receipt = try await publish(parameters, options: options, requestID: record.requestID)
        } catch let error as JobsError where error.code != .publishUncertain {
            await end(record.requestID, in: records)
            throw error
        } catch {
            // The broker may have it: a delivery or the sweeper decides.
            logger.warning("nobody knows whether a job was published; its record stays open")
            throw error
        }
        return try await note(receipt, record, in: records)
    }

    /// The message is with the broker: nothing that goes wrong from here on may look like a failed publish.
    private func note(
        _ receipt: PublishReceipt,
        _ record: JobRecord,
        in records: any JobRecordStore
    ) async throws -> JobRecord {
        var published = record
        published.messageID = receipt.messageID.rawValue
        let messageID = receipt.messageID.rawValue
        let change: JobRecordChange =
            receipt.isDeduplicated ? .duplicated(messageID: messageID) : .published(messageID: messageID)
        do {
            switch try await records.apply(change, to: record.requestID, now: clock.now) {
            case .changed(let record), .unchanged(let record): return record
            case .missing: return published
            }
        } catch {
            logger.warning("the message id could not be written to the job's record")
            return published
        }
    }

    /// A record whose message was not published must not wait for it for ever.
    private func end(_ requestID: String, in records: any JobRecordStore) async {
        let now = clock.now
        let change = JobRecordChange.failed(code: "publish_failed", message: "the job could not be published")
        do {
            _ = try await outlivingCancellation { try await records.apply(change, to: requestID, now: now) }
        } catch {
            logger.warning("a job that could not be published still has an open record")
        }
    }

    private static func isRequestID(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 128
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                    true
                default: false
                }
            }
    }
}
