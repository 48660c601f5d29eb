/// A statement's text; each one is prepared once for each connection.
///
/// A class, because its identity is a cheaper key than its text: a statement is looked up for every row that is written.
final class SQLText: Sendable {
    let text: String

    init(_ text: String) {
        self.text = text
    }
}
