/// What is there of a table.
struct ExistingTable: Sendable, Hashable {
    var columns: Set<String>
    var indexes: Set<String>
}
