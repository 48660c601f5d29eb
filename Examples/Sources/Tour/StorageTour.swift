package import PostriderJobs

/// Where the framework keeps its data.
package enum StorageTour {
    /// Each part may be somewhere else.
    package static func mixed(_ database: JobStorage, counters: any RateLimitStore) -> JobStorage {
        var storage = database
        storage.rateLimits = counters
        return storage
    }

    /// What is to happen once, for code that is neither a job nor a hook.
    package static func once(
        _ idempotency: Idempotency,
        invoice: String,
        mail: @escaping @Sendable (String) async throws -> Void
    ) async throws -> Bool {
        let sent: Bool? = try await idempotency.once("invoice-mail:\(invoice)") {
            try await mail(invoice)
            return true
        }
        return sent ?? false
    }
}
