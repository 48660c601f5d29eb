import PostriderJobsSQL
import PostriderSQL
import Testing

@Suite struct SchemaTests {
    @Test func whatAnEarlierLifeHeldIsFoundByItsIndex() async throws {
        let database = try await SQLDatabase.open(.temporary)
        try await SQLJobStorage(database).migrate()
        let plan = try await database.transaction { transaction in
            try transaction.rows(
                """
                EXPLAIN QUERY PLAN
                DELETE FROM job_delivery WHERE instance = \("a") AND life <> \("b") AND NOT is_done
                """
            ).map { try $0.value("detail", as: String.self) }
        }
        #expect(plan.contains { $0.contains("job_delivery_instance_index") }, "\(plan)")
        try await database.close()
    }

    @Test(arguments: ["job_delivery", "job_reservation", "job_rate_limit", "job_circuit"])
    func smallRowsAreKeptInTheOrderOfTheirKey(table: String) async throws {
        let database = try await SQLDatabase.open(.temporary)
        try await SQLJobStorage(database).migrate()
        let isOrdered = try await database.read { transaction in
            try transaction.value("SELECT wr FROM pragma_table_list WHERE name = \(table)", as: Bool.self)
        }
        #expect(isOrdered == true)
        try await database.close()
    }
}
