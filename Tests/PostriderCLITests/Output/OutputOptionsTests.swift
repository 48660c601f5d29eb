import ArgumentParser
import HTTPTypes
import PostriderCLI
import QStash
import Testing

@Suite struct OutputOptionsTests {
    private func run(
        _ arguments: [String],
        in context: TestContext,
        _ work: (CommandContext) async throws -> Void
    ) async throws -> ExitCode? {
        let options = try OutputOptions.parse(arguments)
        return try await CommandContext.$current.withValue(context.value) {
            do {
                try await options.run(work)
                return nil
            } catch let error as ExitCode {
                return error
            }
        }
    }

    @Test func aRefusalOfTheServerIsToldWithItsCodes() async throws {
        let context = TestContext(
            transport: ScriptedTransport(
                status: 404,
                #"{"error":"no such\u001b[31m message","code":"message_unknown"}"#
            )
        )
        let client = try QStashClient(token: "secret-token", transport: context.value.transport)
        let code = try await run([], in: context) { _ in _ = try await client.signingKeys.get() }
        #expect(code == ExitCode(66))
        #expect(context.output.text.isEmpty)
        #expect(context.errors.lines.first == #"error: no such\e[31m message"#)
        #expect(context.errors.text.contains("not_found, status 404, server's code message_unknown"))
        #expect(context.errors.text.contains("what to do: "))
        #expect(!context.errors.text.contains("secret-token"))
    }

    @Test func withJSONErrorsAreJSONToo() async throws {
        let context = TestContext()
        let code = try await run(["--json"], in: context) { _ in
            throw QStashError(.optionInvalid, "retries must be 0 or more", option: "retries")
        }
        #expect(code == ExitCode(65))
        #expect(
            context.errors.text
                == #"{"error":{"advice":"nothing was sent; correct what is named above","code":"option_invalid","exitStatus":65,"message":"retries must be 0 or more","option":"retries"}}"#
                + "\n"
        )
    }

    @Test func theTimeOfALimitIsTold() async throws {
        let limit = HTTPField(name: try #require(.init("Burst-RateLimit-Limit")), value: "10")
        let reset = HTTPField(name: try #require(.init("Burst-RateLimit-Reset")), value: "1700000007")
        let transport = ScriptedTransport(
            status: 429,
            fields: HTTPFields([limit, reset]),
            #"{"error":"too many"}"#
        )
        let context = TestContext(transport: transport)
        let client = try QStashClient(
            token: "t",
            configuration: .init(retry: .never),
            transport: transport
        )
        let code = try await run([], in: context) { _ in _ = try await client.signingKeys.get() }
        #expect(code == ExitCode(75))
        #expect(context.errors.text.contains("allowed again at 2023-11-14 22:13:27Z"))
    }

    @Test func failuresOfACommandHaveTheirOwnStatusAndAdvice() async throws {
        let context = TestContext()
        let code = try await run([], in: context) { _ in
            throw CommandFailure(.configuration, code: "port_in_use", "port 1 is in use", advice: "choose another")
        }
        #expect(code == ExitCode(78))
        #expect(context.errors.text == "error: port 1 is in use\n  port_in_use\n  what to do: choose another\n")
    }

    @Test func errorsOfUsageAreTheParsersUnlessJSONIsWanted() async throws {
        let context = TestContext()
        await #expect(throws: ValidationError.self) {
            try await run([], in: context) { _ in throw ValidationError("no") }
        }
        #expect(context.errors.text.isEmpty)
        let code = try await run(["--json"], in: context) { _ in throw ValidationError("no") }
        #expect(code == ExitCode(64))
        #expect(context.errors.text.contains(#""code":"usage""#))
    }

    @Test func successWritesNothingOfItsOwn() async throws {
        let context = TestContext()
        #expect(try await run([], in: context) { $0.output.write("done\n") } == nil)
        #expect(context.output.text == "done\n")
        #expect(context.errors.text.isEmpty)
    }

    @Test(
        arguments: [
            ([], [:], true, true), (["--no-color"], [:], true, false), (["--json"], [:], true, false),
            ([], ["NO_COLOR": "1"], true, false), ([], ["NO_COLOR": ""], true, true), ([], [:], false, false),
        ] as [([String], [String: String], Bool, Bool)]
    )
    func coloursAreForTerminalsThatHaveThem(
        arguments: [String],
        environment: [String: String],
        hasColors: Bool,
        isColored: Bool
    ) throws {
        let context = TestContext(
            environment: environment,
            terminal: .init(columns: 80, hasColors: hasColors)
        )
        #expect(try OutputOptions.parse(arguments).style(in: context.value).isColored == isColored)
        let piped = TestContext(environment: environment)
        #expect(try !OutputOptions.parse(arguments).style(in: piped.value).isColored)
    }
}
