/// What a check found.
package struct DoctorFinding: Sendable, Hashable {
    /// How serious it is.
    package enum Outcome: String, Sendable, Hashable, Encodable {
        /// As it should be.
        case passed
        /// Works, and is likely to make trouble.
        case warning
        /// Does not work.
        case failed
        /// Not looked at.
        case skipped
    }

    /// How serious it is.
    package let outcome: Outcome

    /// What was found, in one line, without secrets.
    package let detail: String

    /// What to do; nil when there is nothing to do.
    package let advice: String?

    private init(_ outcome: Outcome, _ detail: String, advice: String?) {
        self.outcome = outcome
        self.detail = detail
        self.advice = advice
    }

    /// As it should be.
    package static func passed(_ detail: String) -> DoctorFinding {
        DoctorFinding(.passed, detail, advice: nil)
    }

    /// Works, and is likely to make trouble.
    package static func warning(_ detail: String, advice: String) -> DoctorFinding {
        DoctorFinding(.warning, detail, advice: advice)
    }

    /// Does not work.
    package static func failed(_ detail: String, advice: String) -> DoctorFinding {
        DoctorFinding(.failed, detail, advice: advice)
    }

    /// Not looked at, because of what is said.
    package static func skipped(_ detail: String, advice: String? = nil) -> DoctorFinding {
        DoctorFinding(.skipped, detail, advice: advice)
    }
}
