/// One step of the schema; the number of steps taken is the database's `user_version`.
///
/// Steps are only ever added: a step that was released is never changed.
struct Migration: Sendable {
    let sql: String

    /// Every step, in order.
    static let all: [Migration] = [.first]
}
