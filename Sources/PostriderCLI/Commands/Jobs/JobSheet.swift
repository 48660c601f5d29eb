import PostriderJobs

/// Jobs as a person reads them.
enum JobSheet {
    private static let barColumns = 24

    /// All that is known of a job.
    static func text(of job: JobReport, style: Style) -> String {
        var facts = FactSheet()
        facts.add("job", job.requestID, .strong)
        facts.add("type", job.jobType)
        facts.add("status", job.status, role(of: job.status))
        facts.add("progress", "\(job.progress) %")
        facts.add("phase", job.phase)
        facts.add("remaining", job.remainingSeconds.map { "about \(TimeText.duration(.seconds($0)))" })
        facts.add("attempt", job.attempt == 0 ? nil : "\(job.attempt) of \(job.maxRetries + 1)")
        facts.add("error", [job.errorCode, job.errorMessage].compactMap { $0 }.joined(separator: ": "), .bad)
        facts.add("message", job.messageID)
        facts.add("created", job.createdAt.map { TimeText.dateAndTime($0) })
        facts.add("started", job.startedAt.map { TimeText.dateAndTime($0) })
        facts.add("last sign", job.isOver ? nil : job.heartbeatAt.map { TimeText.dateAndTime($0) })
        facts.add("ended", job.completedAt.map { TimeText.dateAndTime($0) })
        facts.add("result", job.result?.text)
        return facts.text(style: style)
    }

    /// One line with a bar: where a job stands now.
    static func line(of job: JobReport, style: Style) -> String {
        let full = job.progress * barColumns / 100
        let bar = String(repeating: "#", count: full) + String(repeating: "-", count: barColumns - full)
        let percent = String(repeating: " ", count: 3 - "\(job.progress)".count) + "\(job.progress)"
        var parts = ["[\(bar)] \(percent) %", style.text(VisibleText.line(job.status), role(of: job.status))]
        if let phase = job.phase { parts.append(VisibleText.line(phase)) }
        if job.attempt > 1, !job.isOver { parts.append("attempt \(job.attempt) of \(job.maxRetries + 1)") }
        if let seconds = job.remainingSeconds, !job.isOver {
            parts.append("about \(TimeText.duration(.seconds(seconds))) left")
        }
        if job.status == "failed" {
            parts.append(VisibleText.line([job.errorCode, job.errorMessage].compactMap { $0 }.joined(separator: ": ")))
        }
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private static func role(of status: String) -> Style.Role {
        switch status {
        case "completed": .good
        case "failed": .bad
        case "cancelled": .warning
        default: .plain
        }
    }
}
