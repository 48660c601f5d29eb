import PostriderCLI
import QStash
import Testing

@Suite struct KeysCommandTests {
    private static let terminal = CommandContext.Terminal(columns: 80, hasColors: true)

    private func trial(
        terminal: CommandContext.Terminal? = terminal,
        _ keys: String = #"{"current":"sig_current1","next":"sig_next+2=="}"#
    ) -> CommandTrial {
        var trial = CommandTrial { _ in .json(keys) }
        trial.terminal = terminal
        return trial
    }

    @Test(arguments: [["keys"], ["keys", "show"]])
    func aTerminalGetsTheKeys(arguments: [String]) async {
        let trial = trial()
        let ending = await trial.run(arguments)
        #expect(ending.status == 0 && ending.output == "current  sig_current1\nnext     sig_next+2==\n")
        #expect(trial.server.lines == ["GET /v2/keys"])
    }

    @Test(arguments: [
        ["keys"], ["keys", "show", "--json"], ["keys", "show", "--export"], ["keys", "rotate", "--yes"],
    ])
    func nothingElseGetsThemUnasked(arguments: [String]) async {
        let trial = trial(terminal: nil)
        let ending = await trial.run(arguments)
        #expect(ending.status == 64 && ending.output.isEmpty && ending.errors.contains("--reveal"))
        #expect(trial.server.requests.isEmpty)
    }

    @Test func programsGetThemWhenToldTo() async {
        let json = await trial(terminal: nil).run("keys", "show", "--reveal", "--json")
        #expect(json.output == #"{"current":"sig_current1","next":"sig_next+2=="}"# + "\n")
        let export = await trial(terminal: nil).run("keys", "--export", "--reveal")
        #expect(
            export.output == """
                export QSTASH_CURRENT_SIGNING_KEY=sig_current1
                export QSTASH_NEXT_SIGNING_KEY='sig_next+2=='

                """
        )
    }

    @Test(arguments: [#"a'; rm -rf ~; '"#, #"a\u001b[2J"#, #"a\nb"#, "ü"])
    func whatIsNoKeyIsNotPrinted(key: String) async {
        let ending = await trial(#"{"current":"sig_1","next":"\#(key)"}"#).run("keys", "--export")
        #expect(ending.status == 70 && ending.output.isEmpty)
    }

    @Test func theShellDoesNothingWithAKey() async {
        let ending = await trial(#"{"current":"$(reboot)`x`","next":"a;b"}"#).run("keys", "--export")
        #expect(
            ending.output == """
                export QSTASH_CURRENT_SIGNING_KEY='$(reboot)`x`'
                export QSTASH_NEXT_SIGNING_KEY='a;b'

                """
        )
    }

    @Test func aRotationIsConfirmed() async {
        let trial = trial()
        let refused = await trial.run("keys", "rotate")
        #expect(refused.status == 64 && refused.errors.contains("--yes") && trial.server.requests.isEmpty)
        let ending = await trial.run("keys", "rotate", "--yes")
        #expect(trial.server.lines == ["POST /v2/keys/rotate"])
        #expect(ending.output == "current  sig_current1\nnext     sig_next+2==\n")
        #expect(ending.errors.contains("receiver"))
    }

    @Test func aTokenThatMayNotSeeThemEndsWith77() async {
        var trial = CommandTrial { _ in .refusal(403, "read_only_token") }
        trial.terminal = Self.terminal
        #expect(await trial.run("keys").status == 77)
    }

    @Test func oneFormAtATime() async {
        #expect(await trial().run("keys", "show", "--export", "--json").status == 64)
    }
}
