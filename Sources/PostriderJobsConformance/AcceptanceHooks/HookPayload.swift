/// Bodies as a database sends them.
enum HookPayload {
    /// A new row of `trip_collaborators`.
    static func insert(id: Int, note: String? = nil) -> String {
        let note = note.map { #","note":"\#($0)""# } ?? ""
        return """
            {"type":"INSERT","table":"trip_collaborators","schema":"public","record":{"id":\(id),"trip_id":123\(note)},\
            "old_record":null,"occurred_at":"2026-03-02T08:15:30.120Z"}
            """
    }
}
