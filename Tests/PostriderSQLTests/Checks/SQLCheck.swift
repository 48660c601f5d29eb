import PostriderSQL
import Testing

/// Something that holds on every database.
struct SQLCheck: Sendable, CustomTestStringConvertible {
    let name: String
    let body: @Sendable (SQLBed) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (SQLBed) async throws -> Void) {
        self.name = name
        self.body = body
    }

    var testDescription: String { name }

    static let all: [SQLCheck] = values + statements + transactions + concurrency + notifications + migrations
}

/// The code of the `SQLError` that a body throws; nil when it throws none.
func sqlCode(_ body: () async throws -> Void) async -> SQLError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? SQLError)?.code
    }
}
