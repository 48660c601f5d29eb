import Logging
import QStash

extension JobPublisher {
    /// Publishes a job whose progress can be watched: its record is there before its message is.
    ///
    /// When the broker refuses the message, the record ends as failed with code `publish_failed`.
    ///
    /// - Parameters:
    ///   - userID: Who may see the job; nil for operators alone.
    ///   - subject: What it is about, for example an account; nil when nothing in particular.
    ///   - requestID: The id that users ask by; nil for a new one. Letters, digits, `.`, `_`, `-`, at most 128.
    /// - Returns: The record as it is after publishing.
    /// - Throws: ``JobsError`` with code `record_exists` when the request id is taken, `publish_refused` or `publish_failed` as
    ///   ``publish(_:options:)`` does; what the store throws when it is down, and then nothing was published.
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
        let receipt: PublishReceipt
        do {
            receipt = try await publish(parameters, options: options, requestID: requestID)
        } catch {
            await end(requestID, in: records)
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
        let change = JobRecordChange.published(messageID: receipt.messageID.rawValue)
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
