import Testing

@Suite struct CompletionsCommandTests {
    private let trial = CommandTrial.silent()

    @Test(
        arguments: [
            ("bash", "~/.local/share/bash-completion/completions/postrider"), ("zsh", "~/.zsh/completions/_postrider"),
            ("fish", "~/.config/fish/completions/postrider.fish"),
        ]
    )
    func aScriptSaysHowToInstallIt(shell: String, path: String) async {
        let ending = await trial.run("completions", shell)
        #expect(ending.status == 0 && ending.errors.isEmpty && trial.server.requests.isEmpty)
        #expect(ending.output.contains("# To install: postrider completions \(shell) > \(path)"))
        for name in ["publish", "dlq", "not-before", "follow"] { #expect(ending.output.contains(name), "\(name)") }
    }

    @Test func zshSeesWhatItCompletesInTheFirstLine() async {
        #expect(await trial.run("completions", "zsh").output.hasPrefix("#compdef postrider\n# To install: "))
    }

    @Test func otherShellsAreRefused() async {
        #expect(await trial.run("completions", "csh").status == 64)
        #expect(await trial.run("completions").status == 64)
    }
}
