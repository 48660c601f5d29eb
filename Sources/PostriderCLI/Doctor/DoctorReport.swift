/// What the doctor found, for people and for programs.
struct DoctorReport: Encodable {
    private static let nameColumns = 15
    private static let advicePrefix = "  what to do: "

    let results: [Doctor.Result]

    /// 0 when nothing failed, else 1; a warning fails nothing.
    var exitStatus: ExitStatus { count(.failed) == 0 ? .ok : .checkFailed }

    /// How many checks ended so.
    func count(_ outcome: DoctorFinding.Outcome) -> Int {
        results.count { $0.finding.outcome == outcome }
    }

    /// One result over one or two lines.
    static func text(_ result: Doctor.Result, style: Style) -> String {
        let finding = result.finding
        let (mark, role): (String, Style.Role) =
            switch finding.outcome {
            case .passed: ("✓", .good)
            case .warning: ("!", .warning)
            case .failed: ("✗", .bad)
            case .skipped: ("-", .faint)
            }
        let name = result.name.title
        var text = "\(style.text(mark, role)) \(style.text(name, .strong))"
        text += DisplayWidth.blanks(after: name, to: nameColumns)
        text += finding.outcome == .skipped ? style.text("skipped: ", .faint) : ""
        text += VisibleText.line(finding.detail) + "\n"
        if let advice = finding.advice { text += Self.advicePrefix + VisibleText.line(advice) + "\n" }
        return text
    }

    /// The last line.
    var summary: String {
        let parts = [
            (count(.passed), "passed"), (count(.warning), "with a warning"), (count(.failed), "failed"),
            (count(.skipped), "skipped"),
        ]
        return parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ") + "\n"
    }

    private enum CodingKeys: String, CodingKey {
        case checks, failed, passed, skipped, warnings
    }

    private struct Entry: Encodable {
        var name: DoctorCheckName
        var outcome: DoctorFinding.Outcome
        var detail: String
        var advice: String?
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let entries = results.map { result in
            Entry(
                name: result.name,
                outcome: result.finding.outcome,
                detail: result.finding.detail,
                advice: result.finding.advice
            )
        }
        try container.encode(entries, forKey: .checks)
        try container.encode(count(.passed), forKey: .passed)
        try container.encode(count(.warning), forKey: .warnings)
        try container.encode(count(.failed), forKey: .failed)
        try container.encode(count(.skipped), forKey: .skipped)
    }
}
