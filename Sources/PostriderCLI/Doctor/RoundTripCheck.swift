import FoundationEssentials
import HTTPTypes
import QStash

/// Whether a message that is published comes back, signed, with the body it had.
struct RoundTripCheck: DoctorCheck {
    private static let waitMax = Duration.seconds(30)
    private static let pollEvery = Duration.seconds(1)
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
                switch await outcome(of: receipt.messageID, deliveries: deliveries, client: access.client) {
                case .delivered(let delivery):
                    return judge(delivery, receipt: receipt, url: url, keys: keys, sentAt: sentAt)
                case let outcome: return await lost(receipt.messageID, outcome, url: url, client: access.client)
                }
            }
        } catch let error as QStashError where error.serverCode == "destination_forbidden" && publicURL == nil {
            // That is protection which somebody asked for, not a fault.
            return .skipped(
                "the server does not dial this machine's loopback, as its settings want",
                advice: "give --public-url with --port, and have a tunnel or proxy lead there"
            )
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
            return .failed(
                "the server's keys cannot be used",
                advice: "look at them with postrider keys --export --reveal"
            )
        }
        return .passed("a message came back signed after \(latency)")
    }

    /// What became of the message.
    private enum Outcome: Sendable {
        case delivered(ReceivedDelivery)
        /// The server gave it up, for that reason as far as it says one.
        case failed(String?)
        /// Nothing was heard of it.
        case silence
    }

    /// Waits for the delivery, for the server to give the message up, or for too long.
    private func outcome(
        of id: MessageID,
        deliveries: AsyncStream<ReceivedDelivery>,
        client: QStashClient
    ) async -> Outcome {
        let clock = context.clock
        return await withTaskGroup(of: Outcome.self) { group in
            group.addTask { await deliveries.first { _ in true }.map { .delivered($0) } ?? .silence }
            group.addTask {
                try? await clock.sleep(for: Self.waitMax)
                return .silence
            }
            group.addTask {
                while (try? await clock.sleep(for: Self.pollEvery)) != nil {
                    // A log that cannot be read says nothing, and the wait has its end.
                    let log = try? await client.events.page(matching: EventFilter(messageIDs: [id]))
                    guard let log, log.elements.contains(where: { $0.state == .failed }) else { continue }
                    return .failed(Self.reason(in: log.elements))
                }
                return .silence
            }
            defer { group.cancelAll() }
            return await group.next() ?? .silence
        }
    }

    /// No delivery came: the message and its dead letter are taken back, so that they do not turn up later.
    private func lost(
        _ id: MessageID,
        _ outcome: Outcome,
        url: String,
        client: QStashClient
    ) async -> DoctorFinding {
        // Whether these succeed changes nothing about what was found.
        let problem: String
        let reason: String?
        if case .failed(let said) = outcome {
            problem = "its delivery to \(url) failed"
            reason = said
        } else {
            problem = "did not come to \(url) within \(TimeText.duration(Self.waitMax))"
            let log = try? await client.events.page(matching: EventFilter(messageIDs: [id]))
            reason = log.flatMap { Self.reason(in: $0.elements) }
        }
        _ = try? await client.messages.cancel(id)
        await deleteDeadLetters(of: id, client: client)
        return .failed(
            "message \(id) was taken, but \(problem)" + (reason.map { "; the server says: \($0)" } ?? ""),
            advice: publicURL == nil
                ? "look at the message's log (postrider events): a server in a container does not reach this machine's "
                    + "loopback; give --public-url then"
                : "check that the tunnel or proxy leads to port \(port) here, and look at the message's log (postrider events)"
        )
    }

    /// Why the last attempt failed, in the server's words; nil when it does not say.
    private static func reason(in log: [Event]) -> String? {
        log.lazy.compactMap { event in
            event.error ?? event.responseStatus.map { "the answer was \($0)" }
        }.first
    }

    private func deleteDeadLetters(of id: MessageID, client: QStashClient) async {
        var letters: [DeadLetterID] = []
        do {
            for try await letter in client.dlq.all(matching: DeadLetterFilter(messageID: id))
            where letter.message.id == id {
                letters.append(letter.id)
            }
            if !letters.isEmpty { _ = try await client.dlq.delete(letters) }
        } catch {
            // It stays with the others, where it is found by the message's id.
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
