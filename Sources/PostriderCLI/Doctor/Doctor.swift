/// Runs checks in order, and skips those whose premise failed.
package struct Doctor: Sendable {
    /// A check's name with what it found.
    package struct Result: Sendable, Hashable {
        /// Which check.
        package let name: DoctorCheckName
        /// What it found.
        package let finding: DoctorFinding
    }

    private let checks: [any DoctorCheck]

    /// A doctor that knows these checks.
    package init(_ checks: [any DoctorCheck]) {
        self.checks = checks
    }

    /// Runs every check; calls back with each result as soon as it is there.
    @discardableResult
    package func examine(_ onResult: (Result) -> Void = { _ in }) async -> [Result] {
        var facts = DoctorFacts()
        var results: [Result] = []
        for check in checks {
            let broken = check.premises.first { premise in
                guard let finding = results.first(where: { $0.name == premise })?.finding else { return false }
                return finding.outcome == .failed || finding.outcome == .skipped
            }
            let finding: DoctorFinding
            if let broken {
                finding = .skipped("needs the check \"\(broken.title)\" to pass")
            } else {
                finding = await check.run(&facts)
            }
            let result = Result(name: check.name, finding: finding)
            results.append(result)
            onResult(result)
        }
        return results
    }
}
