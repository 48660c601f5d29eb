package import QStash

/// Judges whether a delivery was signed by the server it is expected from.
package struct DeliveryVerifier: Sendable {
    /// What became of the check.
    package enum Verdict: Sendable, Hashable {
        case verified
        /// The check that failed, a stable name in snake case.
        case refused(check: String)

        /// Whether the delivery may be trusted.
        package var isVerified: Bool { self == .verified }
    }

    private let receiver: QStashReceiver
    private let publicURL: String?

    /// A verifier.
    ///
    /// - Parameter publicURL: What senders put before the path, such as `https://hooks.example.com`; nil when the URL is not compared.
    package init(receiver: QStashReceiver, publicURL: String? = nil) {
        self.receiver = receiver
        self.publicURL = publicURL.map { url in
            var url = url[...]
            while url.last == "/" { url = url.dropLast() }
            return String(url)
        }
    }

    /// The verdict on a delivery.
    package func verdict(on delivery: ReceivedDelivery) -> Verdict {
        guard let body = delivery.body else { return .refused(check: "body_too_large") }
        let refusal = refusal(of: delivery, body: body, url: publicURL.map { $0 + delivery.target })
        // A URL without a path arrives with the path "/", while the signature is over the URL as it was published.
        if let publicURL, refusal != nil, delivery.target == "/",
            self.refusal(of: delivery, body: body, url: publicURL) == nil
        {
            return .verified
        }
        return refusal.map { .refused(check: $0) } ?? .verified
    }

    /// The check that failed; nil when none did.
    private func refusal(of delivery: ReceivedDelivery, body: [UInt8], url: String?) -> String? {
        do {
            try receiver.verify(body, signature: delivery.signature, url: url, region: delivery.region)
            return nil
        } catch {
            return "\(error.code)"
        }
    }
}
