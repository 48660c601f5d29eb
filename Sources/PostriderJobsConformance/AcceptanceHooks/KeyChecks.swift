import PostriderJobs

/// What business keys of any length must do, whatever the storage.
enum KeyChecks {
    /// PostgreSQL's index takes about 2,700 bytes in a row, and refuses more however often the message comes.
    static func longKeysAreHandledOnce(_ storage: JobStorage) async throws {
        for length in [512, 513, 10_000] {
            let key = "long-\(length):" + pseudorandomText(length)
            let bench = try JobBench("long-key-\(length)", storage, options: JobOptions(businessKey: { _ in key }))
            let first = try await bench.send("1")
            try expect(first.status, is: 200, "status of the first message with a key of \(length) bytes")
            let second = try await bench.send("2")
            try expect(second.json?["duplicate"], is: true, "the second message with a key of \(length) bytes")
            try expect(bench.runCount, is: 1, "runs with a key of \(length) bytes")
            let other = try JobBench("other-\(length)", storage, options: JobOptions(businessKey: { _ in key + "x" }))
            try expect(try await other.send("1").json?["duplicate"] == nil, "a key that differs at its end")
        }
    }

    /// Text that no store makes shorter by compressing it.
    private static func pseudorandomText(_ count: Int) -> String {
        var number: UInt64 = 0x9E37_79B9_7F4A_7C15
        var text = ""
        while text.utf8.count < count {
            number = number &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += String(number >> 8, radix: 36)
        }
        return String(text.prefix(count))
    }
}
