import FoundationEssentials
import HTTPTypes
import QStash

/// Whether a message that is published comes back, signed, with the body it had.
struct RoundTripCheck: DoctorCheck {
    private static let waitMax = Duration.seconds(30)
    private static let bodyBytes = 64

    /// The URL that leads to our listener from the server; nil when the server is on this machine.
    let publicURL: String?
    /// The port to listen on; 0 takes a free one.
    let port: Int
    let context: CommandContext

    let name = DoctorCheckName.roundTrip
    let premises: [DoctorCheckName] = [.credentials]

    func run(_ facts: inout DoctorFacts) async -> DoctorFinding {
        guard let access = facts.access, let keys = facts.keys else {
            return .skipped("the server's keys are not known")
        }
        guard publicURL != nil || access.isLocal else {
            return .skipped(
                "the server cannot reach this machine by itself",
                advice: "have a tunnel or proxy lead to a port here, and give --public-url with --port"
            )
        }
        let body = unpredictableBody()
        let (deliveries, received) = AsyncStream.makeStream(of: ReceivedDelivery.self)
        let listener = DeliveryListener(port: port, now: context.now) { delivery in
            guard delivery.body == body else { return DeliveryAnswer(status: 404) }
            received.yield(delivery)
            return DeliveryAnswer(status: 200)
        }
        do {
            return try await listener.listening { port in
                let url = publicURL ?? "http://127.0.0.1:\(port)/postrider-doctor"
                let sentAt = context.now()
                let receipt = try await access.client.publish(
                    .bytes(body, contentType: "application/octet-stream"),
                    to: url,
                    options: PublishOptions(retries: 0, timeout: .seconds(10))
                )
                guard let delivery = await first(of: deliveries) else {
                    return await lost(receipt.messageID, url: url, client: access.client)
                }
                return judge(delivery, receipt: receipt, url: url, keys: keys, sentAt: sentAt)
            }
        } catch let error as QStashError {
            return .failed(
                "the message is not taken: \(error.detail)",
                advice: ErrorReport(error).advice ?? "look into the server's log"
            )
        } catch let error as CommandFailure {
            return .failed(error.message, advice: error.advice ?? "choose another port with --port")
        } catch {
            return .skipped("stopped before the end")
        }
    }

    private func judge(
        _ delivery: ReceivedDelivery,
        receipt: PublishReceipt,
        url: String,
        keys: SigningKeyPair,
        sentAt: Date
    ) -> DoctorFinding {
        let latency = TimeText.duration(.seconds(delivery.receivedAt.timeIntervalSince(sentAt)))
        guard delivery.messageID == receipt.messageID.rawValue else {
            return .failed(
                "the message came back after \(latency) under another id",
                advice: "something on the way changes headers: look at proxies and tunnels"
            )
        }
        do {
            let receiver = try QStashReceiver(
                currentSigningKey: keys.current,
                nextSigningKey: keys.next,
                now: context.now
            )
            try receiver.verify(delivery.body ?? [], signature: delivery.signature, url: url)
        } catch let error as SignatureVerificationError {
            return .failed(
                "the message came back after \(latency), but its signature is refused: \(error.code)",
                advice: RefusalText.of("\(error.code)")
            )
        } catch {
            return .failed("the server's keys cannot be used", advice: "see GET /v2/keys")
        }
        return .passed("a message came back signed after \(latency)")
    }

    /// No delivery came: the message is taken back, so that it does not turn up later.
    private func lost(_ id: MessageID, url: String, client: QStashClient) async -> DoctorFinding {
        // Whether these succeed changes nothing about what was found.
        let log = try? await client.events.page(matching: EventFilter(messageIDs: [id]))
        _ = try? await client.messages.cancel(id)
        let reason = log?.elements.lazy.compactMap(\.error).first
        return .failed(
            "message \(id) was taken, but did not come to \(url) within \(TimeText.duration(Self.waitMax))"
                + (reason.map { "; the server says: \($0)" } ?? ""),
            advice: publicURL == nil
                ? "look at the message's log (postrider events): a server in a container does not reach this machine's "
                    + "loopback; give --public-url then"
                : "check that the tunnel or proxy leads to port \(port) here, and look at the message's log (postrider events)"
        )
    }

    private func first(of deliveries: AsyncStream<ReceivedDelivery>) async -> ReceivedDelivery? {
        let clock = context.clock
        return await withTaskGroup(of: ReceivedDelivery?.self) { group in
            group.addTask { await deliveries.first { _ in true } }
            group.addTask {
                try? await clock.sleep(for: Self.waitMax)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    /// Bytes that no other message has: taken from the time, mixed until they look like chance.
    private func unpredictableBody() -> [UInt8] {
        var state = UInt64(bitPattern: Int64(context.now().timeIntervalSince1970 * 1_000_000))
        return (0..<Self.bodyBytes).map { _ in
            // SplitMix64.
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return UInt8(truncatingIfNeeded: mixed ^ (mixed >> 31))
        }
    }
}
