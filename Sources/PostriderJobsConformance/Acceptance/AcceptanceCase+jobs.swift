extension AcceptanceCase {
    /// What is promised of jobs: the cases of the reference, section 15, the faults of section 16, and what handlers rely on.
    public static var jobs: [AcceptanceCase] {
        signatures + bodies + deliveries + failures + claims + records + completions + endings + keeping
    }
}
