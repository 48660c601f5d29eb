import Foundation
import Measurement
import PostriderJobs
import PostriderJobsSQL
import PostriderSQL

/// Measures what the framework adds to a delivery with an empty handler, in processor time of this process.
///
/// `job-cost FOLDER DELIVERIES`: the ledger is in a SQLite file in the folder, which is best kept in memory, so that fsync costs nothing.
/// Prints `name median least most` lines.
@main
struct JobCost {
    /// Rounds of each kind, one after the other by turns, so that a noisy moment meets all of them.
    private static let rounds = 5

    /// How many are under way at once where that is measured.
    private static let width = 16

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let deliveries = Int(arguments[2]), deliveries >= width else {
            FileHandle.standardError.write(Data("usage: job-cost FOLDER DELIVERIES\n".utf8))
            exit(64)
        }
        let database = try await SQLDatabase.open(.file(arguments[1] + "/job-cost.sqlite"))
        let storage = SQLJobStorage(database)
        try await storage.migrate()
        let memory = try DeliveryLoad(storage: .inMemory())
        let sqlite = try DeliveryLoad(storage: JobStorage(storage))
        var rows: [(name: String, values: [Double])] = []
        for load in [("memory", memory), ("sqlite", sqlite)] {
            try await load.1.run(deliveries / 4, width: 1)
            rows.append(("\(load.0)_one_at_a_time_us", []))
            rows.append(("\(load.0)_sixteen_at_once_us", []))
        }
        for _ in 0..<rounds {
            rows[0].values.append(try await memory.run(deliveries, width: 1))
            rows[1].values.append(try await memory.run(deliveries, width: width))
            rows[2].values.append(try await sqlite.run(deliveries, width: 1))
            rows[3].values.append(try await sqlite.run(deliveries, width: width))
        }
        for row in rows { Report.line(row.name, row.values) }
        try await database.close()
    }
}
