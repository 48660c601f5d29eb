import Foundation
import Hummingbird
import NIOCore
import QStash

/// Publishes a message to itself, verifies the delivery, and prints the body.
///
/// `QSTASH_DEV=true` means a Postrider on this machine, started with `--dev`. Without it `QSTASH_TOKEN`,
/// `QSTASH_CURRENT_SIGNING_KEY` and `QSTASH_NEXT_SIGNING_KEY` are those of the cloud, or, with `QSTASH_URL`, of another server.
///
/// The cloud reaches public addresses only: `DESTINATION_URL` then names one that leads to port 9000 of this machine.
func firstMessage() async throws {
    let url = ProcessInfo.processInfo.environment["DESTINATION_URL"] ?? "http://127.0.0.1:9000/hello"
    let router = Router()

    let client = try QStashClient()
    let receiver = try QStashReceiver()
    router.post("hello") { request, _ -> HTTPResponse.Status in
        let body = try await request.body.collect(upTo: 1_048_576).readableBytesView
        guard (try? receiver.verify(body, headers: request.headers, url: url)) != nil else { return .unauthorized }
        print("verified:", String(decoding: body, as: UTF8.self))
        return .ok
    }

    try await serveOnce(router, port: 9000) {
        try await client.publish(.json(["hello": "world"]), to: url)
    }
}
