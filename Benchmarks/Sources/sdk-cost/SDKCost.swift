import AsyncHTTPClient
import Foundation
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
        report("client_us", bare)
        report("sdk_us", whole)
        report("sdk_beside_client_us", zip(whole, bare).map(-))
        report("sdk_without_client_us", own)

        let signatures = try SignatureLoad()
        report("verify_1k_us", try (0..<rounds).map { _ in try signatures.verify(100_000) })
        report("hash_1k_us", (0..<rounds).map { _ in signatures.hash(100_000) })
        report("sign_1k_us", (0..<rounds).map { _ in signatures.sign(100_000) })
        try await load.client.shutdown()
    }

    /// The median and the extremes.
    private static func report(_ name: String, _ values: [Double]) {
        let sorted = values.sorted()
        print(
            String(
                format: "%@ %.2f (%.2f to %.2f)",
                name,
                sorted[sorted.count / 2],
                sorted[0],
                sorted[sorted.count - 1]
            )
        )
    }
}
