import PostriderJobs

/// What the job is told: its parameters, shared by who publishes it and who handles it.
struct MakeReport: JobParameters {
    static let jobName = "make-report"

    var title: String
    var pages: Int

    func validate(_ check: inout Validation) {
        check.that(!title.isEmpty, "title", "must not be empty")
        check.that((1...100).contains(pages), "pages", "must be from 1 to 100")
    }

    /// The job itself: tells how far it is after each page.
    func run(_ context: JobContext) async throws -> JobOutcome {
        for page in 1...pages {
            try await context.clock.sleep(for: .milliseconds(200))
            try await context.report(progress: page * 100 / pages, phase: "page \(page)")
        }
        return .done(["title": .string(title), "pages": .integer(Int64(pages))])
    }
}
