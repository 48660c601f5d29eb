import FoundationEssentials
import HTTPTypes
import PostriderCLI
import PostriderJobs
import Testing

@Suite struct JobsTokenTests {
    private static let secret = "a secret of at least thirty-two bytes"

    /// The time of ``CommandTrial``, and some later.
    private struct TrialClock: JobClock {
        var now = Date(timeIntervalSince1970: 1_800_000_000)

        func sleep(for duration: Duration) async throws {}
    }

    private func trial(terminal: Bool = true) -> CommandTrial {
        var trial = CommandTrial.silent()
        trial.environment = ["SUPABASE_JWT_SECRET": Self.secret]
        trial.terminal = terminal ? .init(columns: 80, hasColors: false) : nil
        return trial
    }

    private func user(of token: String, after seconds: Double = 0, issuer: String? = nil) throws -> String? {
        var clock = TrialClock()
        clock.now += seconds
        let identity = try SharedSecretIdentity(secrets: [Self.secret], clock: clock, issuer: issuer)
        let head = HTTPRequest(
            method: .get,
            scheme: "http",
            authority: "a",
            path: "/",
            headerFields: [.authorization: "Bearer \(token)"]
        )
        return identity.identity(of: JobRequest(head: head))?.userID
    }

    @Test func theTokenIsTheUsersForAsLongAsItIsTold() async throws {
        let ending = await trial().run("jobs", "token", "--user", "ada", "--expires", "10m")
        let token = String(ending.output.dropLast())
        #expect(try user(of: token) == "ada")
        #expect(try user(of: token, after: 590) == "ada")
        #expect(try user(of: token, after: 700) == nil)
    }

    @Test func issuerAndAudienceAreThoseThatAreAskedFor() async throws {
        var trial = trial()
        trial.environment["POSTRIDER_IDENTITY_JWT_ISSUER"] = "https://login.test"
        let token = String(await trial.run("jobs", "token", "--user", "ada").output.dropLast())
        #expect(try user(of: token, issuer: "https://login.test") == "ada")
        #expect(try user(of: token, issuer: "https://other.test") == nil)
    }

    @Test(arguments: [
        ",an older secret of at least thirty-two bytes", ", an older secret of at least thirty-two bytes",
    ])
    func ofSeveralSecretsTheFirstSigns(rest: String) async throws {
        var trial = trial()
        trial.environment["SUPABASE_JWT_SECRET"] = Self.secret + rest
        let ending = await trial.run("jobs", "token", "--user", "ada")
        #expect(try user(of: String(ending.output.dropLast())) == "ada", "\(ending.errors)")
        trial.environment["SUPABASE_JWT_SECRET"] = Self.secret + ",short"
        #expect(await trial.run("jobs", "token", "--user", "ada").status == 78)
    }

    @Test func nothingButATerminalGetsItUnasked() async {
        let withheld = await trial(terminal: false).run("jobs", "token", "--user", "ada")
        #expect(withheld.status == 64 && withheld.output.isEmpty && withheld.errors.contains("--reveal"))
        let revealed = await trial(terminal: false).run("jobs", "token", "--user", "ada", "--reveal")
        #expect(revealed.status == 0 && revealed.output.split(separator: ".").count == 3)
    }

    @Test func aFileIsTheOwnersAlone() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/jobs-token-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/token"
        for _ in 0..<2 {
            let ending = await trial(terminal: false).run("jobs", "token", "--user", "ada", "--output", path)
            #expect(ending.status == 0 && ending.output.contains(path), "\(ending.errors)")
        }
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        let data = try #require(FileManager.default.contents(atPath: path))
        let token = String(decoding: data, as: UTF8.self).split(separator: "\n").first.map(String.init) ?? ""
        #expect(try user(of: token) == "ada")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["token"])
    }

    @Test func withoutASecretOrWithAShortOneThereIsNone() async {
        var trial = trial()
        trial.environment = [:]
        #expect(await trial.run("jobs", "token", "--user", "ada").status == 78)
        trial.environment = ["SUPABASE_JWT_SECRET": "short"]
        let ending = await trial.run("jobs", "token", "--user", "ada")
        #expect(ending.status == 78 && !ending.errors.contains("short\""))
    }
}
