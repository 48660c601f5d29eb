import QStash

/// Whether the server takes the token.
struct CredentialsCheck: DoctorCheck {
    let name = DoctorCheckName.credentials
    let premises: [DoctorCheckName] = [.server]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let access = facts.access else { return .skipped("no server is known") }
        if facts.keys != nil { return .passed("the token from \(access.origin) is taken") }
        guard let refusal = facts.refusal else { return .skipped("the server was not asked") }
        switch refusal.code {
        case .unauthorized:
            return .failed(
                "the token from \(access.origin) is refused: \(refusal.detail)",
                advice: access.isLocal
                    ? "use the token of that server: --data with its data folder, or --token-file"
                    : "use the token of that server and region; the console shows it"
            )
        case .forbidden:
            return .failed(
                "the token from \(access.origin) may not read the signing keys: \(refusal.detail)",
                advice: "use a token with full access"
            )
        default:
            return .failed("the token cannot be judged: \(refusal.detail)", advice: "see the check \"server\"")
        }
    }
}
