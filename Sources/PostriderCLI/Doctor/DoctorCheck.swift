/// One thing that the doctor looks at.
package protocol DoctorCheck: Sendable {
    /// The check's name, which other checks may name as their premise.
    var name: DoctorCheckName { get }

    /// What must not have failed or been skipped for this check to mean anything.
    var premises: [DoctorCheckName] { get }

    /// Looks, and leaves in the facts what later checks need.
    func run(_ facts: inout DoctorFacts) async -> DoctorFinding
}
