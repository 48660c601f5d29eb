import AsyncHTTPClient
import Foundation
import Measurement
import QStash

/// Measures what the SDK costs beside its HTTP client, in processor time of this process.
///
/// `sdk-cost URL MESSAGES`: the server at the URL answers every publish with a receipt. Prints `name value` lines.
@main
struct SDKCost {
    /// Rounds of each kind, one after the other by turns, so that a noisy moment meets all of them.
    private static let rounds = 5

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 3, let messages = Int(arguments[2]), messages > 0 else {
            FileHandle.standardError.write(Data("usage: sdk-cost URL MESSAGES\n".utf8))
            exit(64)
        }
        let load = try PublishLoad(server: arguments[1])
        var bare: [Double] = []
        var whole: [Double] = []
        var own: [Double] = []
        _ = try await load.bare(messages / 4)
        _ = try await load.whole(messages / 4)
        for _ in 0..<rounds {
            bare.append(try await load.bare(messages))
            whole.append(try await load.whole(messages))
            own.append(try await load.own(messages))
        }
        Report.line("client_us", bare)
        Report.line("sdk_us", whole)
        Report.line("sdk_beside_client_us", zip(whole, bare).map(-))
        Report.line("sdk_without_client_us", own)

        let signatures = try SignatureLoad()
        Report.line("verify_1k_us", try (0..<rounds).map { _ in try signatures.verify(100_000) })
        Report.line("hash_1k_us", (0..<rounds).map { _ in signatures.hash(100_000) })
        Report.line("sign_1k_us", (0..<rounds).map { _ in signatures.sign(100_000) })
        try await load.client.shutdown()
    }
}
