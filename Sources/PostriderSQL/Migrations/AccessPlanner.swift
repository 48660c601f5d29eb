/// Row-level security of a new table on PostgreSQL.
struct AccessPlanner {
    let table: SQLTable

    var statements: [String] {
        let name = SQLIdentifier.quotedTable(table.name, .postgres)
        let enabling = "ALTER TABLE \(name) ENABLE ROW LEVEL SECURITY"
        guard let condition else { return [enabling] }
        var policy = "CREATE POLICY postrider_users ON \(name) FOR "
        policy += table.access.mayWrite ? "ALL" : "SELECT"
        policy += " USING (\(condition))"
        if table.access.mayWrite { policy += " WITH CHECK (\(condition))" }
        // A block, so that the printed text can be applied with or without the function, and again.
        let block = """
            DO $postrider$ BEGIN
              IF to_regprocedure('auth.uid()') IS NOT NULL THEN
                EXECUTE \(SQLLiteral.text(policy));
              END IF;
            EXCEPTION WHEN duplicate_object THEN NULL;
            END $postrider$
            """
        return [enabling, block]
    }

    private var condition: String? {
        switch table.access.rows {
        case .none: return nil
        case .owned(let column):
            let isUUID = table.columns.contains { $0.name == column && $0.type == .uuid }
            // A subquery, so that the function is called once for a statement and not for every row.
            let user = "(SELECT auth.uid())"
            return "\(SQLIdentifier.quoted(column)) = \(isUUID ? user : user + "::text")"
        case .matching(let condition): return condition
        }
    }
}
